//! What a class is given in a trial: settings, test data, and which of its tasks run.

use crate::context::Resources;
use crate::feed::Feeds;
use crate::plan::RunSpec;
use crate::settings::{SettingField, SettingKind, SettingValues, SettingsSchema, list};
use crate::user::{Selection, UserClass};
use std::path::PathBuf;

/// What users share: what is given, and where that says nothing settings and test data as they are found in tests.
pub(super) fn resources(
    class: &UserClass,
    given: Resources,
    settings: &[(String, String)],
) -> Result<Resources, String> {
    let given = match given.get::<Feeds>() {
        Some(_) => given,
        None => given.with(Feeds::in_folder(package())),
    };
    match given.get::<SettingValues>() {
        Some(_) if settings.is_empty() => Ok(given),
        Some(_) => Err("settings are given by name and as a resource: leave one out".to_owned()),
        None => {
            let values = values(class, settings)?;
            check(class, &values)?;
            Ok(given.with(values))
        }
    }
}

/// The package's folder, as cargo tells its tests.
fn package() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default()
}

type Field = (&'static SettingsSchema, &'static SettingField);

/// The settings of a class: given by name, else from the environment.
fn values(class: &UserClass, given: &[(String, String)]) -> Result<SettingValues, String> {
    let schemas = class.needs.iter().filter_map(|need| need.settings).map(|need| need.schema);
    let fields: Vec<Field> =
        schemas.flat_map(|schema| schema.fields.iter().map(move |field| (schema, field))).collect();
    let mut values = SettingValues::default();
    for (schema, field) in &fields {
        let variable = schema.variable(field.name);
        if let Ok(text) = std::env::var(&variable) {
            set(&mut values, (schema, field), &text, format!("{variable} in the environment"));
        }
    }
    for (name, text) in given {
        let is_it =
            |(schema, field): &&Field| field.name == name || schema.variable(field.name) == *name;
        let mut found = fields.iter().filter(is_it);
        let field = found.next().ok_or_else(|| unknown(class, name, &fields))?;
        if let Some(other) = found.next() {
            let variables = [field, other].map(|(schema, field)| schema.variable(field.name));
            return Err(format!(
                "two settings are named `{name}`: write {}",
                variables.join(" or ")
            ));
        }
        set(&mut values, *field, text, format!("`.setting(\"{name}\", …)`"));
    }
    Ok(values)
}

/// Says what is missing or malformed, and how it is given here.
fn check(class: &UserClass, values: &SettingValues) -> Result<(), String> {
    let needs = class.needs.iter().filter_map(|need| need.settings);
    let errors: Vec<String> =
        needs.flat_map(|need| (need.check)(values)).map(|error| error.to_string()).collect();
    match errors.as_slice() {
        [] => Ok(()),
        errors => Err(format!(
            "{}
in a trial: give it by `.setting(\"NAME\", …)`, or in the environment",
            errors.join("\n")
        )),
    }
}

fn set(values: &mut SettingValues, (schema, field): Field, text: &str, source: String) {
    let texts = match field.kind {
        SettingKind::List => list(text),
        SettingKind::One | SettingKind::Optional | SettingKind::Switch => vec![text.to_owned()],
    };
    values.set(schema.prefix, field.name, texts, source);
}

fn unknown(class: &UserClass, name: &str, fields: &[Field]) -> String {
    let names: Vec<&str> = fields.iter().map(|(_, field)| field.name).collect();
    match names.as_slice() {
        [] => format!("{} reads no settings, so there is no `{name}`", class.name),
        names => {
            format!("{} reads no setting `{name}`; it reads: {}", class.name, names.join(", "))
        }
    }
}

/// Which tasks run: those named, all if none is. Each in its turn, or, where the number of iterations is given, as in a run.
pub(super) fn selection(
    class: &UserClass,
    spec: &RunSpec,
    names: &[String],
    iterations: Option<u64>,
) -> Result<Selection, String> {
    let mut selection = Selection::new(&class.list, &spec.task_filter).without_pauses();
    let known: Vec<String> = selection.names().into_iter().map(str::to_owned).collect();
    if let Some(unknown) = names.iter().find(|name| !known.contains(name)) {
        let known = known.join(", ");
        return Err(format!("{} has no task `{unknown}`; it has: {known}", class.name));
    }
    let of_class = || class.list.tasks.iter().map(|task| task.name).collect();
    let names: Vec<&str> = match names {
        [] => of_class(),
        names => names.iter().map(String::as_str).collect(),
    };
    match iterations {
        Some(_) => selection.only(&names),
        None => names.iter().for_each(|name| selection.add_turn(name)),
    }
    Ok(selection)
}

/// Says what keeps a class from being tried, where it is known what to do about it.
pub(super) fn check_host(class: &UserClass, host: Option<&str>) -> Result<(), String> {
    let is_missing = host.or(class.host).is_none() && class.needs.iter().any(|need| need.host);
    match is_missing {
        true => Err(format!(
            "no host for {}: give one by `.host(…)`, or by `host = \"…\"` in its `#[user]`",
            class.name
        )),
        false => Ok(()),
    }
}
