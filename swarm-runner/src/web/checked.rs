//! From what is typed to the run that it describes: one grammar and one check, those of the command line.

use super::entered::{Entered, OPTIONS};
use super::site::Site;
use crate::classes;
use crate::error::UsageError;
use crate::options::Options;
use crate::run_spec::{Described, describe, selected};
use crate::setting_flags;
use clap::{CommandFactory as _, Parser as _};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::error::Error as _;
use swarm_core::engine;
use swarm_core::plan::RunSpec;
use swarm_core::settings::SettingValues;

/// What the typed texts mean.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct Checked {
    /// The run; null if there are errors.
    pub(super) spec: Option<RunSpec>,
    /// What is wrong.
    pub(super) errors: Vec<FieldError>,
    /// What one should know before it starts.
    pub(super) warnings: Vec<String>,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct FieldError {
    /// Name of the option or key of the setting; empty if it is the matter of several, or of none.
    pub(super) field: String,
    /// What is wrong, and what to do about it.
    pub(super) message: String,
}

impl FieldError {
    fn new(field: &str, message: impl Into<String>) -> Self {
        Self { field: field.to_owned(), message: message.into() }
    }
}

/// Checks what is typed.
pub(super) fn check(site: &Site, entered: &Entered) -> Checked {
    let mut errors = Vec::new();
    let described = described(site, &entered.options).map_err(|found| errors.extend(found)).ok();
    let given = settings(site, &entered.settings).map_err(|found| errors.extend(found));
    let values = own_values(site).overridden(given.unwrap_or_default());
    let Some(Described { spec, classes, warnings }) = described else {
        return Checked { spec: None, errors, warnings: Vec::new() };
    };
    let resources = site.resources.clone().with(values);
    let missing = classes::missing(&classes, &resources, spec.host.as_deref());
    errors.extend(missing.into_iter().map(|it| FieldError::new(&it.field, it.message)));
    if errors.is_empty()
        && let Err(why) = engine::check(&spec, &site.registry, &resources)
    {
        let field = if why.starts_with("host of ") { "host" } else { "" };
        errors.push(FieldError::new(field, why));
    }
    let spec = errors.is_empty().then_some(spec);
    Checked { spec, errors, warnings }
}

/// What keeps a run from starting with these settings, and those of the program besides.
pub(super) fn refuse(
    site: &Site,
    spec: &RunSpec,
    settings: &SettingValues,
) -> Result<(), UsageError> {
    let values = own_values(site).overridden(settings.clone());
    let resources = site.resources.clone().with(values);
    let names: Vec<&str> = spec.classes.iter().map(|class| class.name.as_str()).collect();
    let classes = classes::select(&site.registry, &names)?;
    classes::check(&classes, &resources, spec.host.as_deref())?;
    engine::check(spec, &site.registry, &resources).map_err(UsageError::new)
}

/// The run with what only the command line of the program may say: files of this machine, and the hosts that requests may go to.
pub(super) fn with_own(site: &Site, mut spec: RunSpec) -> RunSpec {
    spec.request_log.clone_from(&site.options.request_log);
    spec.client.ca_file.clone_from(&site.options.client.ca_file);
    spec.client.allow_hosts.clone_from(&site.options.target.allow_host);
    spec.client.source_ips.clone_from(&site.options.client.source_ip);
    spec
}

/// The settings of these keys.
pub(super) fn settings(
    site: &Site,
    typed: &BTreeMap<String, String>,
) -> Result<SettingValues, Vec<FieldError>> {
    let known = setting_flags::of(site.registry.classes());
    let (mut values, mut errors) = (SettingValues::default(), Vec::new());
    for (key, text) in typed {
        match known.iter().find(|setting| setting.names.key == *key) {
            Some(setting) => setting.give(text, "the web page", &mut values),
            None => errors.push(FieldError::new(key, format!("there is no setting `{key}`"))),
        }
    }
    if errors.is_empty() { Ok(values) } else { Err(errors) }
}

/// A copy of the program's: what is only typed must not become one of the secrets that are taken out of texts.
fn own_values(site: &Site) -> SettingValues {
    site.resources.get::<SettingValues>().map(|values| (*values).clone()).unwrap_or_default()
}

/// The run that the typed options describe.
pub(super) fn described(
    site: &Site,
    typed: &BTreeMap<String, String>,
) -> Result<Described, Vec<FieldError>> {
    let mut arguments = Vec::new();
    let mut errors = Vec::new();
    for (name, text) in typed.iter().filter(|(_, text)| !text.trim().is_empty()) {
        match argument(name, text) {
            Ok(Some(argument)) => match parse([&argument]) {
                Ok(_) => arguments.push(argument),
                Err(error) => errors.push(FieldError::new(name, told(&error))),
            },
            Ok(None) => {}
            Err(message) => errors.push(FieldError::new(name, message)),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let options = parse(&arguments).map_err(|error| vec![FieldError::new("", told(&error))])?;
    describe_for(site, &options).map_err(|error| {
        // Whose fault it is shows when it is given alone, or left out.
        let alone = |argument: &&String| fails(site, [*argument]) == Some(error.clone());
        let needless = |left: &&String| {
            fails(site, arguments.iter().filter(|argument| argument != left)).is_none()
        };
        let name = arguments.iter().find(alone).or_else(|| arguments.iter().find(needless));
        vec![FieldError::new(name.map(|name| name_of(name)).unwrap_or_default(), text(&error))]
    })
}

/// What is wrong with what these arguments describe.
fn fails<'a>(site: &Site, arguments: impl IntoIterator<Item = &'a String>) -> Option<UsageError> {
    parse(arguments).ok().and_then(|options| describe_for(site, &options).err())
}

fn describe_for(site: &Site, options: &Options) -> Result<Described, UsageError> {
    let selected = selected(&site.registry, options)?;
    let described = describe(&selected, options, site.typed().seed)?;
    Ok(Described { spec: with_own(site, described.spec), ..described })
}

/// How an option would be written on the command line; nothing for a switch that is off.
fn argument(name: &str, text: &str) -> Result<Option<String>, String> {
    let command = Options::command();
    let option = command.get_opts().find(|option| option.get_long() == Some(name));
    let (Some(option), Some(_)) = (option, OPTIONS.iter().find(|known| **known == name)) else {
        return Err(format!("`{name}` is no option of a run that is started on the page"));
    };
    if option.get_action().takes_values() {
        return Ok(Some(format!("--{name}={text}")));
    }
    match text {
        "true" => Ok(Some(format!("--{name}"))),
        "false" => Ok(None),
        _ => Err("it is either `true` or `false`".to_owned()),
    }
}

fn name_of(argument: &str) -> &str {
    let argument = argument.trim_start_matches("--");
    argument.split_once('=').map_or(argument, |(name, _)| name)
}

fn parse<'a>(arguments: impl IntoIterator<Item = &'a String>) -> Result<Options, clap::Error> {
    Options::try_parse_from(["swarm"].into_iter().chain(arguments.into_iter().map(String::as_str)))
}

/// What is wrong, without the words that name the option and quote the value.
fn told(error: &clap::Error) -> String {
    match error.source() {
        Some(why) => why.to_string(),
        None => {
            let text = error.to_string();
            let text = text.split("\n\n").next().unwrap_or_default();
            text.trim_start_matches("error: ").to_owned()
        }
    }
}

fn text(error: &UsageError) -> String {
    let lines = [&error.message].into_iter().chain(&error.help);
    lines.map(String::as_str).collect::<Vec<_>>().join("\n")
}
