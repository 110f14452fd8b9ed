//! The settings of the user crate among the options: their flags, collisions of names, and the values found for them.

use crate::error::UsageError;
use crate::layers::{Layers, Names, Written};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches};
use std::fmt::Write as _;
use swarm_core::settings::{SettingField, SettingKind, SettingValues, SettingsSchema, list};
use swarm_core::user::UserClass;

/// A field of settings, by its names in all sources.
pub(crate) struct Setting {
    pub(crate) schema: &'static SettingsSchema,
    pub(crate) field: &'static SettingField,
    pub(crate) names: Names,
}

/// All settings that any of these classes reads, each once.
pub(crate) fn of(classes: &[&'static UserClass]) -> Vec<Setting> {
    let mut schemas: Vec<&'static SettingsSchema> = Vec::new();
    let needs = classes.iter().flat_map(|class| class.needs);
    for schema in needs.filter_map(|need| need.settings).map(|settings| settings.schema) {
        let identity = |schema: &SettingsSchema| (schema.file, schema.line, schema.name);
        if !schemas.iter().any(|known| identity(known) == identity(schema)) {
            schemas.push(schema);
        }
    }
    schemas.into_iter().flat_map(Setting::of).collect()
}

/// Refuses two that have a name in common, and one that is called like an option; tells all of them.
pub(crate) fn check(settings: &[Setting], options: &[Names]) -> Result<(), UsageError> {
    let collision = |(at, setting): (usize, &Setting)| {
        let option = options.iter().find_map(|option| {
            Some((setting.names.common(option)?, "an option of swarm".to_owned()))
        });
        let mut earlier = settings[..at].iter();
        let other =
            || earlier.find_map(|other| Some((setting.names.common(&other.names)?, other.place())));
        let (name, whose) = option.or_else(other)?;
        let message = format!("`{name}` is {} and also {whose}", setting.place());
        Some((message, setting.way_out(&name)))
    };
    let collisions: Vec<(String, String)> =
        settings.iter().enumerate().filter_map(collision).collect();
    if collisions.is_empty() {
        return Ok(());
    }
    let (messages, mut ways_out): (Vec<String>, Vec<String>) = collisions.into_iter().unzip();
    ways_out.dedup();
    Err(ways_out.into_iter().fold(UsageError::new(messages.join("\nerror: ")), UsageError::help))
}

impl Setting {
    fn of(schema: &'static SettingsSchema) -> impl Iterator<Item = Self> {
        schema.fields.iter().map(move |field| {
            let names = Names {
                flag: schema.flag(field.name),
                variable: schema.variable(field.name),
                key: schema.key(field.name),
            };
            Self { schema, field, names }
        })
    }

    fn place(&self) -> String {
        let SettingsSchema { name, file, .. } = self.schema;
        format!("the setting `{}` of {name} ({file}:{})", self.field.name, self.field.line)
    }

    /// What to do when it shares this name with another.
    fn way_out(&self, name: &str) -> String {
        let Self { schema, field, names } = self;
        if name != names.flag || schema.prefix_flags {
            return "give one of the structs another prefix, or rename the field".to_owned();
        }
        let prefix = if schema.prefix.is_empty() { "SHOP" } else { schema.prefix };
        let flag = SettingsSchema { prefix, prefix_flags: true, ..**schema }.flag(field.name);
        format!(
            "write `#[settings(prefix = \"{prefix}\", prefix_flags)]` above `struct {}`, so that the flag is `{flag}`; or rename the field",
            schema.name
        )
    }

    /// Its flag, as clap knows it. Values are checked where all sources are.
    pub(crate) fn arg(&self) -> Arg {
        let Self { schema, field, names } = self;
        let secret = field.secret;
        let arg = Arg::new(names.key.clone())
            .long(names.flag.trim_start_matches('-').to_owned())
            .value_name(field.name.to_uppercase())
            .help(self.help())
            .help_heading(heading(schema));
        let arg = match field.kind {
            SettingKind::Switch => {
                arg.num_args(0..=1).require_equals(true).default_missing_value("true")
            }
            SettingKind::List => arg.action(ArgAction::Append),
            SettingKind::One | SettingKind::Optional => arg,
        };
        // What looks like a flag would be quoted in a message; and passwords may begin with anything.
        arg.allow_negative_numbers(!secret).allow_hyphen_values(secret)
    }

    fn help(&self) -> String {
        let Self { field, names, .. } = self;
        let mut help = field.doc.trim_end_matches('.').to_owned();
        if field.kind == SettingKind::List {
            help.push_str(" [comma list, may be repeated]");
        }
        if field.is_required() {
            help.push_str(" [required]");
        } else if !field.default.is_empty() {
            let default = if field.secret { "***" } else { &*self.text_of(field.default) };
            let _ = write!(help, " [default: {default}]");
        }
        let _ = write!(help, " [env: {}]", names.variable);
        help.trim_start().to_owned()
    }

    /// Items as one text, as they would be typed.
    pub(crate) fn text_of(&self, items: &[impl AsRef<str>]) -> String {
        let escaped = |item: &str| match self.field.kind {
            SettingKind::List => item.replace(',', r"\,"),
            _ => item.to_owned(),
        };
        let items: Vec<String> = items.iter().map(|item| escaped(item.as_ref())).collect();
        items.join(",")
    }

    /// Adds its value, if it is typed or in one of the layers.
    pub(crate) fn find(
        &self,
        matches: &ArgMatches,
        layers: &Layers,
        values: &mut SettingValues,
    ) -> Result<(), UsageError> {
        let Self { schema, field, names } = self;
        let (texts, source) = if matches.value_source(&names.key) == Some(ValueSource::CommandLine)
        {
            let texts = matches.get_many::<String>(&names.key).unwrap_or_default();
            (texts.flat_map(|text| self.items(text)).collect(), names.flag.clone())
        } else {
            match layers.value(names)? {
                None => return Ok(()),
                Some(found) => match found.written {
                    Written::Text(text) => (self.items(&text), found.source),
                    Written::List(items) => (items, found.source),
                },
            }
        };
        values.set(schema.prefix, field.name, texts, source);
        Ok(())
    }

    /// Gives it a value that was typed elsewhere.
    pub(crate) fn give(&self, text: &str, source: &str, values: &mut SettingValues) {
        values.set(self.schema.prefix, self.field.name, self.items(text), source);
    }

    /// A text as its items, if it is a list.
    fn items(&self, text: &str) -> Vec<String> {
        match self.field.kind {
            SettingKind::List => list(text),
            _ => vec![text.to_owned()],
        }
    }
}

/// Name of the struct and the first sentence about it.
fn heading(schema: &SettingsSchema) -> String {
    let first = schema.doc.split(". ").next().unwrap_or_default().trim_end_matches('.');
    match first {
        "" => format!("Settings of {}", schema.name),
        first => format!("Settings of {} ({first})", schema.name),
    }
}

#[cfg(test)]
mod tests;
