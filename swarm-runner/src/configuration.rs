//! Options and settings from all their sources, as one.
//!
//! The command line is parsed first. What it does not say is looked up in the layers below it and parsed as if it had been said there, so that each option has
//! one name, one type and one check, wherever it comes from.

use crate::error::UsageError;
use crate::layers::Layers;
use crate::options::Options;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command, CommandFactory as _, FromArgMatches as _};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use swarm_core::settings::{SettingField, SettingValues, SettingsSchema};
use swarm_core::user::UserClass;

/// What the user asked for.
#[derive(Debug)]
pub(crate) struct Configuration {
    pub(crate) options: Options,
    pub(crate) settings: SettingValues,
}

/// Why there is none: help was asked for, or something is wrong.
#[derive(Debug)]
pub(crate) enum Stop {
    /// clap's own message: help, version, an unknown flag.
    Clap(clap::Error),
    Usage(UsageError),
}

impl From<UsageError> for Stop {
    fn from(error: UsageError) -> Self {
        Self::Usage(error)
    }
}

/// An option, by the names that it has in each source.
struct Named {
    id: String,
    flag: String,
    variable: String,
    key: String,
    switch: bool,
    setting: Option<(&'static SettingsSchema, &'static SettingField)>,
}

/// Reads the command line and the layers below it, for these classes.
pub(crate) fn read(
    arguments: &[OsString],
    layers: &Layers,
    classes: &[&'static UserClass],
) -> Result<Configuration, Stop> {
    let schemas = schemas(classes);
    let (command, named) = command(&schemas)?;
    let matches = command.clone().try_get_matches_from(arguments).map_err(Stop::Clap)?;
    // Which file is read can't stand in a file.
    let typed = matches.get_one::<PathBuf>("config").cloned();
    let of_environment = || layers.variable("SWARM_CONFIG").map(PathBuf::from);
    let chosen = typed.or_else(of_environment).map(|path| layers.with_file(path)).transpose()?;
    let layers = chosen.as_ref().unwrap_or(layers);
    let keys: Vec<String> = named.iter().map(|option| option.key.clone()).collect();
    layers.check_keys(&keys)?;

    let mut all = arguments.to_vec();
    let mut sources = BTreeMap::new();
    for option in &named {
        if matches.value_source(&option.id) == Some(ValueSource::CommandLine) {
            sources.insert(option.id.clone(), option.flag.clone());
        } else if let Some(found) = layers.value(&option.variable, &option.key)? {
            let Some(argument) = argument(option, &found.text, &found.source)? else { continue };
            check(&command, &argument, &found.source)?;
            // Before what was typed, where a `--` can't hide it.
            all.insert(1.min(all.len()), argument);
            sources.insert(option.id.clone(), found.source);
        }
    }
    let matches = command.try_get_matches_from(all).map_err(Stop::Clap)?;
    let options = Options::from_arg_matches(&matches).map_err(Stop::Clap)?;
    Ok(Configuration { options, settings: settings(&matches, &named, &sources) })
}

/// All settings that any class reads, each once.
fn schemas(classes: &[&'static UserClass]) -> Vec<&'static SettingsSchema> {
    let mut schemas: Vec<&'static SettingsSchema> = Vec::new();
    let needs = classes.iter().flat_map(|class| class.needs);
    for schema in needs.filter_map(|need| need.settings).map(|settings| settings.schema) {
        let same = |known: &&SettingsSchema| (known.file, known.line) == (schema.file, schema.line);
        if !schemas.iter().any(same) {
            schemas.push(schema);
        }
    }
    schemas
}

/// The command with its options and the settings' flags; two of the same name are an error.
fn command(schemas: &[&'static SettingsSchema]) -> Result<(Command, Vec<Named>), UsageError> {
    let mut command = Options::command();
    let mut named: Vec<Named> = command
        .get_arguments()
        .filter_map(|argument| {
            let long = argument.get_long()?;
            Some(Named {
                id: argument.get_id().to_string(),
                flag: format!("--{long}"),
                variable: format!("SWARM_{}", long.to_uppercase().replace('-', "_")),
                key: long.to_owned(),
                switch: !argument.get_action().takes_values(),
                setting: None,
            })
        })
        .collect();
    for schema in schemas {
        for field in schema.fields {
            let option = Named {
                id: schema.key(field.name),
                flag: schema.flag(field.name),
                variable: schema.variable(field.name),
                key: schema.key(field.name),
                switch: false,
                setting: Some((schema, field)),
            };
            check_collision(&named, &option, schema)?;
            command = command.arg(flag(&option, schema, field));
            named.push(option);
        }
    }
    Ok((command, named))
}

fn check_collision(
    named: &[Named],
    option: &Named,
    schema: &SettingsSchema,
) -> Result<(), UsageError> {
    let other = named.iter().find(|known| known.flag == option.flag || known.key == option.key);
    let reserved = ["--help", "--version", "--list"].contains(&option.flag.as_str());
    let whose = match other {
        Some(Named { setting: Some((other, _)), .. }) => {
            format!("a setting of {} ({}:{})", other.name, other.file, other.line)
        }
        Some(_) => "an option of swarm".to_owned(),
        None if reserved => "an option of swarm".to_owned(),
        None => return Ok(()),
    };
    let message = format!(
        "the setting `{}` of {} ({}:{}) is also {whose}",
        option.flag, schema.name, schema.file, schema.line
    );
    Err(UsageError::new(message).help("rename the field"))
}

fn flag(option: &Named, schema: &'static SettingsSchema, field: &'static SettingField) -> Arg {
    let doc = field.doc.trim_end_matches('.');
    let default = match field.default {
        Some(_) if field.secret => "has a default".to_owned(),
        Some(default) => format!("default: {default}"),
        None => "required".to_owned(),
    };
    let help = format!("{doc} [{default}] [env: {}]", option.variable);
    Arg::new(option.id.clone())
        .long(option.flag.trim_start_matches('-').to_owned())
        .value_name(field.name.to_uppercase())
        .help(help.trim_start().to_owned())
        .help_heading(format!("Settings of {}", schema.name))
}

/// How a value would be written on the command line; nothing for a switch that is off.
fn argument(option: &Named, text: &str, source: &str) -> Result<Option<OsString>, UsageError> {
    if !option.switch {
        return Ok(Some(format!("{}={text}", option.flag).into()));
    }
    match text {
        "true" | "1" => Ok(Some(option.flag.clone().into())),
        "false" | "0" | "" => Ok(None),
        _ => Err(UsageError::new(format!("{source}: `{text}` is neither `true` nor `false`"))),
    }
}

/// Checks a value from a lower layer, so that the message names its source.
fn check(command: &Command, argument: &OsString, source: &str) -> Result<(), UsageError> {
    let parsed = command.clone().try_get_matches_from([OsString::from("swarm"), argument.clone()]);
    parsed.map(drop).map_err(|error| {
        let text = error.to_string();
        let first = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
        UsageError::new(format!("{first} (from {source})"))
    })
}

fn settings(
    matches: &ArgMatches,
    named: &[Named],
    sources: &BTreeMap<String, String>,
) -> SettingValues {
    let mut values = SettingValues::default();
    for option in named {
        let Some((schema, field)) = option.setting else { continue };
        if let (Some(text), Some(source)) =
            (matches.get_one::<String>(&option.id), sources.get(&option.id))
        {
            values.set(schema.prefix, field.name, text, source);
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classes;
    use swarm_core::prelude::*;
    use swarm_core::user::Registry;

    /// Who logs in.
    #[settings(prefix = "SHOP")]
    struct Login {
        /// Login name.
        #[setting(default = "demo")]
        username: String,
        /// Only for those who know it.
        #[setting(secret)]
        password: Secret,
        /// How many items are bought.
        #[setting(default = 3)]
        basket_size: u32,
    }

    #[user]
    struct Shopper {
        login: Settings<Login>,
    }

    #[tasks]
    impl Shopper {
        #[task]
        fn shop(&mut self) {
            let _ = &self.login.username;
        }
    }

    /// Says `--users` in another way.
    #[settings(prefix = "GREEDY")]
    struct Greedy {
        users: u32,
    }

    #[user]
    struct Collider {
        greedy: Settings<Greedy>,
    }

    #[tasks]
    impl Collider {
        #[task]
        fn use_it(&mut self) {
            let _ = self.greedy.users;
        }
    }

    fn class(name: &str) -> &'static UserClass {
        Registry::find().expect("no duplicates").class(name).expect("declared above")
    }

    fn read_line(line: &str, layers: &Layers, class_name: &str) -> Result<Configuration, String> {
        let arguments: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
        read(&arguments, layers, &[class(class_name)]).map_err(|stop| match stop {
            Stop::Clap(error) => error.to_string(),
            Stop::Usage(error) => error.to_string(),
        })
    }

    fn login(line: &str, layers: &Layers) -> (String, String, u32) {
        let values = read_line(line, layers, "Shopper").expect("valid").settings;
        let login = values.group::<Login>().expect("complete");
        (login.username.clone(), login.password.expose().to_owned(), login.basket_size)
    }

    /// A value for every option. Who adds one adds it here.
    const VALUES: [(&str, &str); 40] = [
        ("--class", "A,B"),
        ("--list-classes", "true"),
        ("--format", "json"),
        ("--show-task-ratio", "true"),
        ("--tags", "a,b"),
        ("--exclude-tags", "c"),
        ("--equal-weights", "true"),
        ("--users-of", "A=3,B=4"),
        ("--weight-of", "A=2"),
        ("--reset-stats", "true"),
        ("--print-stats", "true"),
        ("--csv", "out/run"),
        ("--csv-full-history", "true"),
        ("--host", "http://a"),
        ("--demo", "true"),
        ("--timeout", "7s"),
        ("--connect-timeout", "8s"),
        ("--insecure", "true"),
        ("--allow-host", "a,*.b"),
        ("--http", "2"),
        ("--max-body", "5KiB"),
        ("--ca-file", "ca.pem"),
        ("--resolve", "a:80:127.0.0.1,b:443:::1"),
        ("--dns-ttl", "0s"),
        ("--source-ip", "127.0.0.2,::1"),
        ("--users", "9"),
        ("--spawn-rate", "2.5"),
        ("--run-time", "1m30s"),
        ("--stop-timeout", "2s"),
        ("--seed", "7"),
        ("--headless", "true"),
        ("--only-summary", "true"),
        ("--json", "true"),
        ("--json-file", "r.json"),
        ("--loglevel", "debug"),
        ("--logfile", "r.log"),
        ("--request-log", "r.jsonl"),
        ("--exit-code-on-error", "42"),
        ("--username", "ann"),
        ("--basket-size", "4"),
    ];

    #[test]
    fn every_option_has_help_and_is_the_same_from_every_source() {
        let shown = |line: &str, layers: &Layers| {
            let read = read_line(line, layers, "Shopper").expect(line);
            let login = read.settings.group::<Login>().expect("complete");
            format!("{:?} {} {}", read.options, login.username, login.basket_size)
        };
        let password = [("SHOP_PASSWORD", "x")];
        let untouched = shown("swarm", &Layers::of(&password, &[], ""));
        let (command, named) = command(&schemas(&[class("Shopper")])).expect("no collision");
        for option in
            named.iter().filter(|it| !["--password", "--config"].contains(&it.flag.as_str()))
        {
            let argument = command.get_arguments().find(|argument| *argument.get_id() == option.id);
            assert!(argument.is_some_and(|it| it.get_help().is_some()), "{}", option.flag);
            let value = VALUES.iter().find(|(flag, _)| *flag == option.flag);
            let (flag, value) = value.unwrap_or_else(|| panic!("no value for {}", option.flag));
            let line = match option.switch {
                true => format!("swarm {flag}"),
                false => format!("swarm {flag} {value}"),
            };
            let typed = shown(&line, &Layers::of(&password, &[], ""));
            assert_ne!(typed, untouched, "{flag} changes nothing");
            let environment = [password[0], (option.variable.as_str(), value)];
            assert_eq!(shown("swarm", &Layers::of(&environment, &[], "")), typed, "{flag}");
            assert_eq!(shown("swarm", &Layers::of(&password, &environment[1..], "")), typed);
            let file = format!("{} = \"{value}\"", option.key);
            assert_eq!(shown("swarm", &Layers::of(&password, &[], &file)), typed, "{file}");
        }
    }

    #[test]
    fn another_file_can_be_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let other = folder.path().join("other.toml");
        std::fs::write(&other, "users = 77\n").expect("writable");
        let line = format!("swarm --config {}", other.display());
        let environment = [("SWARM_CONFIG", other.to_str().expect("UTF-8"))];
        for (line, layers) in [
            (line.as_str(), Layers::of(&[], &[], "users = 3")),
            ("swarm", Layers::of(&environment, &[], "users = 3")),
        ] {
            assert_eq!(read_line(line, &layers, "Shopper").expect(line).options.users, 77);
        }
        let error = read_line("swarm --config /nowhere.toml", &Layers::default(), "Shopper");
        assert!(error.expect_err("missing").contains("can't read /nowhere.toml"));
    }

    #[test]
    fn the_command_line_wins_over_the_environment_and_that_over_the_files() {
        let file = "[settings.shop]\nusername = \"file\"\npassword = \"p\"\nbasket-size = 1\n";
        let file = file.replace("basket-size", "basket_size");
        let environment = [("SHOP_USERNAME", "environment")];
        let dotenv = [("SHOP_USERNAME", "dotenv"), ("SHOP_BASKET_SIZE", "2")];
        for (line, environment, dotenv, username, size) in [
            ("swarm --username flag", &environment[..], &dotenv[..], "flag", 2),
            ("swarm", &environment, &dotenv, "environment", 2),
            ("swarm", &[], &dotenv, "dotenv", 2),
            ("swarm", &[], &[], "file", 1),
        ] {
            let found = login(line, &Layers::of(environment, dotenv, &file));
            assert_eq!(found, (username.to_owned(), "p".to_owned(), size), "{line}");
        }
    }

    #[test]
    fn what_is_missing_or_malformed_is_named_with_its_sources() {
        let none = Layers::default();
        let values = read_line("swarm", &none, "Shopper").expect("valid").settings;
        let missing = classes::check(&[class("Shopper")], &values, None).expect_err("no password");
        for source in ["--password", "SHOP_PASSWORD", "`settings.shop.password` in swarm.toml"] {
            assert!(missing.to_string().contains(source), "{missing}");
        }

        let line = "swarm --password hunter2 --basket-size many";
        let values = read_line(line, &none, "Shopper").expect("valid").settings;
        let wrong = classes::check(&[class("Shopper")], &values, None).expect_err("no number");
        assert!(wrong.to_string().contains("`basket_size` of Login from --basket-size: `many`"));
        assert!(!format!("{values:?}{wrong}").contains("hunter2"), "{values:?}");

        let wrong = Layers::of(&[], &[], "users = \"lots\"");
        let error = read_line("swarm", &wrong, "Shopper").expect_err("no number");
        assert!(error.contains("invalid value 'lots'"), "{error}");
        assert!(error.contains("`users` in swarm.toml:1"), "{error}");
        let error = read_line("swarm --user 3", &none, "Shopper").expect_err("unknown");
        assert!(error.contains("'--users'"), "{error}");
        let wrong = Layers::of(&[("SWARM_DEMO", "maybe")], &[], "");
        let error = read_line("swarm", &wrong, "Shopper").expect_err("no switch");
        assert!(error.contains("SWARM_DEMO in the environment: `maybe` is neither"), "{error}");
    }

    #[test]
    fn a_setting_that_is_called_like_an_option_is_refused_with_its_place() {
        let error = read_line("swarm", &Layers::default(), "Collider").expect_err("a collision");
        assert!(error.contains("the setting `--users` of Greedy"), "{error}");
        assert!(error.contains("configuration.rs:"), "{error}");
        assert!(error.contains("an option of swarm"), "{error}");
    }

    #[test]
    fn secrets_are_not_shown_in_help() {
        let (mut command, _) = command(&schemas(&[class("Shopper")])).expect("no collision");
        let help = command.render_long_help().to_string();
        assert!(help.contains("Login name [default: demo] [env: SHOP_USERNAME]"), "{help}");
        assert!(help.contains("Only for those who know it [required] [env: SHOP_PASSWORD]"));
    }
}
