//! Options and settings from all their sources, as one.
//!
//! The command line is parsed first. What it does not say is looked up in the layers below it and parsed as if it had been said there, so that each option has
//! one name, one type and one check, wherever it comes from.

use crate::error::UsageError;
use crate::layers::{Layers, Names, Written};
use crate::options::Options;
use crate::setting_flags::{self, Setting};
use clap::parser::ValueSource;
use clap::{ArgAction, Command, Parser};
use std::ffi::OsString;
use std::path::PathBuf;
use swarm_core::settings::SettingValues;
use swarm_core::user::UserClass;

/// What the user asked for.
#[derive(Debug)]
pub(crate) struct Configuration<O = Options> {
    pub(crate) options: O,
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

/// The options that say what the load is. They exclude each other, so the highest layer that has one has the word.
const LOAD: [&str; 4] = ["users", "stages", "rate", "shape"];

/// Those of them that are not looked up in lower layers, because a higher one has another.
fn passed_over<'a>(
    named: &'a [Named],
    typed: impl Fn(&str) -> bool,
    layers: &Layers,
) -> Result<Vec<&'a str>, UsageError> {
    let load = || named.iter().filter(|option| LOAD.contains(&option.id.as_str()));
    let is_typed = load().any(|option| typed(&option.id));
    let mut over = Vec::new();
    let mut in_environment = false;
    for option in load() {
        match layers.variable(&option.names.variable)? {
            Some(_) if !is_typed => in_environment = true,
            _ => over.push(option.id.as_str()),
        }
    }
    Ok(if is_typed || in_environment { over } else { Vec::new() })
}

/// An option of ours.
struct Named {
    id: String,
    names: Names,
    switch: bool,
    /// Whether it may be repeated, and a comma in it is its own.
    repeated: bool,
}

/// The options that these classes have, for the shell's completion.
pub(crate) fn options<O: Parser>(classes: &[&'static UserClass]) -> Result<Command, UsageError> {
    command::<O>(&setting_flags::of(classes)).map(|(command, _)| command)
}

/// Reads the command line and the layers below it, for these classes.
pub(crate) fn read<O: Parser>(
    arguments: &[OsString],
    layers: &Layers,
    classes: &[&'static UserClass],
) -> Result<Configuration<O>, Stop> {
    let settings = setting_flags::of(classes);
    let (command, named) = command::<O>(&settings)?;
    let matches = command.clone().try_get_matches_from(arguments).map_err(Stop::Clap)?;
    // Which file is read can't stand in a file.
    let typed = matches.get_one::<PathBuf>("config").cloned();
    let of_environment = layers.variable("SWARM_CONFIG")?.map(|found| found.written.text().into());
    let chosen = typed.or(of_environment).map(|path| layers.with_file(path)).transpose()?;
    let layers = chosen.as_ref().unwrap_or(layers);
    let of_settings = settings.iter().map(|setting| setting.names.key.clone());
    // A file for runs is one for trials too, which have fewer options.
    let known = named.iter().map(|option| option.names.key.clone()).chain(keys::<Options>());
    layers.check_keys(&known.chain(of_settings).collect::<Vec<_>>())?;

    let mut values = SettingValues::default();
    for setting in &settings {
        setting.find(&matches, layers, &mut values)?;
    }
    let mut all = arguments.to_vec();
    let typed = |id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
    let passed_over = passed_over(&named, typed, layers)?;
    for option in &named {
        if typed(&option.id) || passed_over.contains(&option.id.as_str()) {
            continue;
        }
        let Some(found) = layers.value(&option.names)? else { continue };
        let texts = match found.written {
            Written::List(items) if option.repeated => items,
            written => vec![written.text()],
        };
        for text in texts.iter().rev() {
            let Some(argument) = argument(option, text, &found.source)? else { continue };
            check(&command, &argument, &found.source)?;
            // Before what was typed, where a `--` can't hide it.
            all.insert(1.min(all.len()), argument);
        }
    }
    let matches = command.try_get_matches_from(all).map_err(Stop::Clap)?;
    let options = O::from_arg_matches(&matches).map_err(Stop::Clap)?;
    Ok(Configuration { options, settings: values })
}

/// The command with its options and the settings' flags; two of the same name are an error.
fn command<O: Parser>(settings: &[Setting]) -> Result<(Command, Vec<Named>), UsageError> {
    let command = O::command();
    let mut named = Vec::new();
    // Those that clap has by itself.
    let mut taken = vec![names_of("help"), names_of("version")];
    for argument in command.get_arguments() {
        let Some(long) = argument.get_long() else { continue };
        let (id, names) = (argument.get_id().to_string(), names_of(long));
        let switch = !argument.get_action().takes_values();
        let repeated = matches!(argument.get_action(), ArgAction::Append)
            && argument.get_value_delimiter().is_none();
        named.push(Named { id, names, switch, repeated });
        let aliases = argument.get_all_aliases().unwrap_or_default();
        taken.extend([long].into_iter().chain(aliases).map(names_of));
    }
    setting_flags::check(settings, &taken)?;
    Ok((command.args(settings.iter().map(Setting::arg)), named))
}

/// The value of one option below the command line.
pub(crate) fn lower_value(long: &str, layers: &Layers) -> Result<Option<String>, UsageError> {
    Ok(layers.value(&names_of(long))?.map(|found| found.written.text()))
}

/// The keys of options in a file.
fn keys<O: Parser>() -> Vec<String> {
    O::command().get_arguments().filter_map(|option| option.get_long().map(str::to_owned)).collect()
}

fn names_of(long: &str) -> Names {
    Names {
        flag: format!("--{long}"),
        variable: format!("SWARM_{}", long.to_uppercase().replace('-', "_")),
        key: long.to_owned(),
    }
}

/// How a value would be written on the command line; nothing for a switch that is off.
fn argument(option: &Named, text: &str, source: &str) -> Result<Option<OsString>, UsageError> {
    if !option.switch {
        return Ok(Some(format!("{}={text}", option.names.flag).into()));
    }
    match text {
        "true" | "1" => Ok(Some(option.names.flag.clone().into())),
        "false" | "0" | "" => Ok(None),
        _ => Err(UsageError::new(format!("{source}: `{text}` is neither `true` nor `false`"))),
    }
}

/// Checks a value from a lower layer, so that the message names its source.
fn check(command: &Command, argument: &OsString, source: &str) -> Result<(), UsageError> {
    let parsed = command.clone().try_get_matches_from([OsString::from("swarm"), argument.clone()]);
    parsed.map(drop).map_err(|error| {
        let text = error.to_string();
        let text = text.split("\n\n").next().unwrap_or_default().trim_start_matches("error: ");
        // What comes below it shows where the mistake is.
        let (first, rest) = text.split_at(text.find('\n').unwrap_or(text.len()));
        UsageError::new(format!("{first} (from {source}){rest}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classes;
    use crate::trial_options::TrialOptions;
    use swarm_core::context::Resources;
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
    const VALUES: &[(&str, &str)] = &[
        ("--class", "A,B"),
        ("--list-classes", "true"),
        ("--format", "json"),
        ("--show-task-ratio", "true"),
        ("--tags", "a,b"),
        ("--exclude-tags", "c"),
        ("--equal-weights", "true"),
        ("--users-of", "A=3,B=4"),
        ("--weight-of", "A=2"),
        ("--task-weight-of", "A::t=2,A::s::t=0"),
        ("--max-names", "70"),
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
        ("--stages", "100@2m,0@1m"),
        ("--rate", "18000/m"),
        ("--arrivals", "poisson"),
        ("--max-users", "50"),
        ("--rate-of", "A=5/s,B=1/m"),
        ("--stages-of", "A=10@1m,20@5m,B=1@1s"),
        ("--shape", "wave"),
        ("--warmup", "3s"),
        ("--run-time", "1m30s"),
        ("--iterations", "11"),
        ("--user-iterations", "12"),
        ("--stop-timeout", "2s"),
        ("--seed", "7"),
        ("--count-logins", "true"),
        ("--headless", "true"),
        ("--web-host", "::1"),
        ("--web-port", "0"),
        ("--web-base-path", "/swarm"),
        ("--autostart", "true"),
        ("--autoquit", "3"),
        ("--class-picker", "true"),
        ("--web-login", "true"),
        ("--web-user", "anna:$2y$05$x,berta:$2y$05$y"),
        ("--tls-cert", "cert.pem"),
        ("--tls-key", "key.pem"),
        ("--metrics-addr", "[::1]:9464"),
        ("--otlp", "http://a:4318"),
        ("--otlp-traces", "5%"),
        ("--otlp-header", "a=b,c=d"),
        ("--only-summary", "true"),
        ("--json", "true"),
        ("--json-file", "r.json"),
        ("--html", "r.html"),
        ("--junit", "r.xml"),
        ("--summary-md", "r.md"),
        ("--repeat", "5"),
        ("--run-name", "before-the-cache"),
        ("--notes", "over-http/1"),
        ("--history", "runs"),
        ("--keep-runs", "7"),
        ("--loglevel", "debug"),
        ("--logfile", "r.log"),
        ("--request-log", "r.jsonl"),
        ("--find-limit", "p95<250ms,failures<1%"),
        ("--limit-by", "users"),
        ("--precision", "10%"),
        ("--max-rate", "500/s"),
        ("--expect-limit", ">200/s"),
        ("--validity", "lag=50ms,cpu=80%"),
        ("--threshold", "p95<250ms,failures<1%"),
        ("--exit-code-on-error", "42"),
        ("--observe", "http://prom:9090"),
        ("--observe-query", "CPU=sum(cpu{a='b',c='d'})"),
        ("--observe-header", "X-Scope-OrgID:a"),
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
        let (command, named) = command::<Options>(&[]).expect("no collision");
        for option in named.iter().filter(|option| option.names.flag != "--config") {
            let Names { flag, variable, key } = &option.names;
            let argument = command.get_arguments().find(|argument| *argument.get_id() == option.id);
            assert!(argument.is_some_and(|it| it.get_help().is_some()), "{flag}");
            let value = VALUES.iter().find(|(known, _)| known == flag);
            let (_, value) = value.unwrap_or_else(|| panic!("no value for {flag}"));
            let line = match option.switch {
                true => format!("swarm {flag}"),
                false => format!("swarm {flag} {value}"),
            };
            let typed = shown(&line, &Layers::of(&password, &[], ""));
            assert_ne!(typed, untouched, "{flag} changes nothing");
            let environment = [password[0], (variable.as_str(), *value)];
            assert_eq!(shown("swarm", &Layers::of(&environment, &[], "")), typed, "{flag}");
            assert_eq!(shown("swarm", &Layers::of(&password, &environment[1..], "")), typed);
            let file = format!("{key} = \"{value}\"");
            assert_eq!(shown("swarm", &Layers::of(&password, &[], &file)), typed, "{file}");
        }
    }

    #[test]
    fn a_list_of_what_has_commas_of_its_own_is_an_array_or_has_lines() {
        let file = r#"observe-query = ["a=sum(x) by (b, c)", "d=max(y)"]"#;
        let lines = [("SWARM_OBSERVE_QUERY", "a=sum(x) by (b, c)\nd=max(y)\n")];
        for layers in [Layers::of(&[], &[], file), Layers::of(&lines, &[], "")] {
            let options = read_line("swarm", &layers, "Shopper").expect("valid").options;
            let queries = options.observe.observe_query.concat();
            let texts: Vec<_> =
                queries.iter().map(|query| (query.name.as_str(), query.text.as_str())).collect();
            assert_eq!(texts, [("a", "sum(x) by (b, c)"), ("d", "max(y)")]);
        }
        let file = r#"threshold = ["p95 < 1s", "failures < 1%"]"#;
        let options = read_line("swarm", &Layers::of(&[], &[], file), "Shopper").expect("valid");
        assert_eq!(options.options.threshold.concat().len(), 2);
    }

    #[test]
    fn a_trial_reads_the_same_sources_and_passes_over_what_only_runs_have() {
        let file = "users = 3\nheadless = true\ntimeout = \"7s\"\n";
        let layers = Layers::of(&[("SWARM_USERS", "4"), ("SWARM_SEED", "5")], &[], file);
        let arguments = ["swarm", "Shopper", "--task", "shop,rest"].map(OsString::from);
        let read = read::<TrialOptions>(&arguments, &layers, &[class("Shopper")]);
        let options = read.expect("valid").options;
        assert_eq!((options.class.as_deref(), options.seed), (Some("Shopper"), 5));
        assert_eq!(options.task, ["shop", "rest"]);
        assert_eq!(options.client.timeout, Duration::from_secs(7));
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
        let check = |resources| classes::check(&[class("Shopper")], &resources, None);
        let missing = check(Resources::default().with(values)).expect_err("no password");
        for source in ["--password", "SHOP_PASSWORD", "`settings.shop.password` in swarm.toml"] {
            assert!(missing.to_string().contains(source), "{missing}");
        }

        let line = "swarm --password hunter2 --basket-size many";
        let values = read_line(line, &none, "Shopper").expect("valid").settings;
        let shown = format!("{values:?}");
        let wrong = check(Resources::default().with(values)).expect_err("no number");
        assert!(wrong.to_string().contains("`many` from --basket-size"), "{wrong}");
        assert!(!format!("{shown}{wrong}").contains("hunter2"), "{shown}");

        let wrong = Layers::of(&[], &[], "users = \"lots\"");
        let error = read_line("swarm", &wrong, "Shopper").expect_err("no number");
        assert!(error.contains("invalid value 'lots'"), "{error}");
        assert!(error.contains("`users` in swarm.toml:1"), "{error}");
        let wrong = Layers::of(&[], &[], "threshold = [\"rps > 1\", \"p95 < 250\"]");
        let error = read_line("swarm", &wrong, "Shopper").expect_err("no unit");
        assert!(error.contains("expected a unit, as in `250ms` or `1.5s` (from `thr"), "{error}");
        assert!(error.ends_with("\n  p95 < 250\n           ^"), "{error}");
        let error = read_line("swarm --user 3", &none, "Shopper").expect_err("unknown");
        assert!(error.contains("'--users'"), "{error}");
        let wrong = Layers::of(&[("SWARM_DEMO", "maybe")], &[], "");
        let error = read_line("swarm", &wrong, "Shopper").expect_err("no switch");
        assert!(error.contains("SWARM_DEMO in the environment: `maybe` is neither"), "{error}");
    }

    #[test]
    fn the_highest_layer_that_says_a_load_has_the_word() {
        let file = "stages = \"5@1m\"\n";
        let environment = [("SWARM_USERS", "7")];
        for (line, environment, users, stages) in [
            ("swarm", &[][..], 1, Some("5@1m")),
            ("swarm", &environment[..], 7, None),
            ("swarm --users 8", &environment, 8, None),
            ("swarm --stages 9@1s", &environment, 1, Some("9@1s")),
        ] {
            let read = read_line(line, &Layers::of(environment, &[], file), "Shopper");
            let options = read.expect(line).options;
            let found = options.stages.map(|stages| stages.to_string());
            assert_eq!((options.users, found.as_deref()), (users, stages), "{line}");
        }
        let error = read_line("swarm -u 1 --stages 9@1s", &Layers::default(), "Shopper");
        assert!(error.expect_err("two").contains("cannot be used with"));
    }

    #[test]
    fn a_mistake_in_stages_is_pointed_at_wherever_it_stands() {
        let file = Layers::of(&[], &[], "stages = \"1@1m, 2@never\"");
        let error = read_line("swarm", &file, "Shopper").expect_err("no duration");
        let lines: Vec<&str> = error.lines().skip(1).collect();
        assert_eq!(lines, ["  1@1m, 2@never", "          ^"], "{error}");
        assert!(error.contains("`stages` in swarm.toml:1"), "{error}");
        let typed = read_line("swarm --stages-of A=1x@1m", &Layers::default(), "Shopper");
        assert!(typed.expect_err("no number").contains("\n  1x@1m\n   ^"));
    }
}
