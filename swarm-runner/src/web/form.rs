//! What the start form is made of.

use super::access::Access;
use super::answers;
use super::entered::{Entered, OPTIONS, entered_of};
use super::refusal::Login;
use super::site::Site;
use crate::listing::{ClassInfo, infos};
use crate::options::Options;
use crate::setting_flags::{self, Setting};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use clap::CommandFactory as _;
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;
use swarm_core::plan::Shape;
use swarm_core::settings::{SettingKind, SettingValues};

/// All that the form needs.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct Form {
    /// Version of swarm.
    version: &'static str,
    /// What it begins with: what the options of the program say, or what was started last. Never a secret.
    entered: Entered,
    /// The options that can be typed.
    fields: Vec<Field>,
    /// The user classes, as `--list-classes --format json` lists them.
    classes: Vec<ClassInfo>,
    /// Whether the classes are shown at once, to choose from.
    class_picker: bool,
    /// The load shapes in code.
    shapes: Vec<ShapeInfo>,
    /// The tags of all tasks.
    tags: BTreeSet<&'static str>,
    /// The settings that the classes read.
    settings: Vec<SettingInfo>,
    /// Whether the target is the demo site.
    demo: bool,
    /// What one logs in with; null where no login is demanded.
    login: Option<Login>,
}

/// An option.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Field {
    /// Its name, without `--`.
    name: String,
    /// What it does.
    help: String,
    /// What holds without it, if that is a value.
    default: Option<String>,
    /// What it belongs to.
    heading: String,
    /// Whether it is on or off, and no text.
    switch: bool,
}

/// A load shape in code.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct ShapeInfo {
    name: &'static str,
    doc: &'static str,
}

/// A setting of the user crate.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct SettingInfo {
    /// Its key in `swarm.toml` and in what is typed: `settings.shop.username`.
    key: String,
    /// Name of the field.
    name: &'static str,
    /// Name of its struct.
    group: &'static str,
    /// First paragraph of its documentation.
    doc: &'static str,
    /// Its option on the command line.
    flag: String,
    /// How many values it has.
    kind: Kind,
    /// Whether it is never shown.
    secret: bool,
    /// Whether there has to be a value.
    required: bool,
    /// Whether the program was given one.
    is_set: bool,
    /// That value; null for a secret.
    value: Option<String>,
    /// What holds without one; null for a secret.
    default: Option<String>,
}

/// How many values a setting has.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
enum Kind {
    One,
    Optional,
    List,
    Switch,
}

/// `GET /api/v1/form`
pub(super) async fn form(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    answers::json(&headers, &Form::of(&site))
}

impl Form {
    fn of(site: &Site) -> Self {
        let classes = site.registry.classes();
        let typed = site.typed();
        let mut entered = entered_of(&typed.spec, &site.registry);
        entered.settings.clone_from(&typed.settings);
        // A seed that was drawn is no wish.
        if typed.has_seed {
            entered.options.insert("seed".to_owned(), typed.spec.seed.to_string());
        }
        let values = site.resources.get::<SettingValues>().unwrap_or_default();
        let settings = setting_flags::of(classes);
        let shapes = Shape::all();
        Self {
            version: env!("CARGO_PKG_VERSION"),
            entered,
            fields: fields(),
            classes: infos(classes),
            class_picker: site.options.web.class_picker,
            shapes: shapes.iter().map(|it| ShapeInfo { name: it.name, doc: it.doc }).collect(),
            tags: classes.iter().flat_map(|class| class.list.tags()).collect(),
            settings: settings.iter().map(|setting| SettingInfo::of(setting, &values)).collect(),
            demo: site.options.target.demo,
            login: site.access.as_ref().map(Access::login),
        }
    }
}

fn fields() -> Vec<Field> {
    let command = Options::command();
    let field = |name: &str| {
        let option = command.get_opts().find(|option| option.get_long() == Some(name))?;
        let switch = !option.get_action().takes_values();
        let default = option.get_default_values().first().filter(|_| !switch);
        Some(Field {
            name: name.to_owned(),
            help: option.get_help().map(ToString::to_string).unwrap_or_default(),
            default: default.map(|value| value.to_string_lossy().into_owned()),
            heading: option.get_help_heading().unwrap_or("Tasks").to_owned(),
            switch,
        })
    };
    OPTIONS.iter().filter_map(|name| field(name)).collect()
}

impl SettingInfo {
    fn of(setting: &Setting, values: &SettingValues) -> Self {
        let Setting { schema, field, names } = setting;
        let found = values.texts(schema.prefix, field.name);
        let shown = |items: String| (!field.secret).then_some(items);
        Self {
            key: names.key.clone(),
            name: field.name,
            group: schema.name,
            doc: field.doc,
            flag: names.flag.clone(),
            kind: match field.kind {
                SettingKind::One => Kind::One,
                SettingKind::Optional => Kind::Optional,
                SettingKind::List => Kind::List,
                SettingKind::Switch => Kind::Switch,
            },
            secret: field.secret,
            required: field.is_required(),
            is_set: found.is_some(),
            value: found.and_then(|items| shown(setting.text_of(items))),
            default: match field.default {
                [] => None,
                items => shown(setting.text_of(items)),
            },
        }
    }
}
