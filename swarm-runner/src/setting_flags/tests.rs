//! Settings of all types, from all sources; and what is wrong with them.

#![expect(dead_code, reason = "what is read is seen by `Debug`, or not at all")]

use crate::classes;
use crate::configuration::{self, Stop};
use crate::layers::Layers;
use crate::options::Options;
use std::ffi::OsString;
use std::path::PathBuf;
use std::str::FromStr;
use swarm_core::context::Resources;
use swarm_core::prelude::*;
use swarm_core::settings::SettingValues;
use swarm_core::user::{Registry, UserClass};

#[derive(Debug, PartialEq)]
enum Mode {
    Fast,
    Slow,
}

impl FromStr for Mode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "fast" => Ok(Self::Fast),
            "slow" => Ok(Self::Slow),
            _ => Err("there are `fast` and `slow`".to_owned()),
        }
    }
}

/// Of all types. The rest of this paragraph is not in the heading.
#[settings(prefix = "ALL")]
#[derive(Debug)]
struct All {
    /// How.
    #[setting(default = "slow")]
    mode: Mode,
    #[setting(default = -3)]
    offset: i32,
    #[setting(default = 1.5s)]
    pause: Duration,
    /// Says more.
    chatty: bool,
    #[setting(default = true)]
    warm: bool,
    /// Where.
    folder: Option<PathBuf>,
    limit: Option<Duration>,
    #[setting(default = ["new", "a,b"])]
    words: Vec<String>,
    /// Numbers.
    numbers: Vec<u16>,
    keys: Vec<Secret>,
    token: Option<Secret>,
    #[setting(secret, default = 123_456)]
    pin: u32,
    name: String,
}

#[user]
struct Typed {
    all: Settings<All>,
}

#[tasks]
impl Typed {
    #[task]
    fn use_it(&mut self) {
        let _ = &self.all.name;
    }
}

macro_rules! user_of {
    ($user:ident, $settings:ident, $field:ident) => {
        #[user]
        struct $user {
            settings: Settings<$settings>,
        }

        #[tasks]
        impl $user {
            #[task]
            fn use_it(&mut self) {
                let _ = &self.settings.$field;
            }
        }
    };
}

#[settings(prefix = "ONE", prefix_flags)]
struct Prefixed {
    users: Option<u32>,
    name: Option<String>,
}
user_of!(OfPrefixed, Prefixed, users);

/// Says `--users` in another way.
#[settings(prefix = "GREEDY")]
struct Greedy {
    users: u32,
    help: bool,
}
user_of!(OfGreedy, Greedy, users);

/// Has a field of `All`.
#[settings(prefix = "OTHER")]
struct SameFlag {
    name: String,
}
user_of!(OfSameFlag, SameFlag, name);

#[settings(prefix = "ALL", prefix_flags)]
struct SamePrefix {
    name: String,
    another: Option<u32>,
}
user_of!(OfSamePrefix, SamePrefix, name);

#[settings]
struct NoPrefix {
    all: Option<u32>,
}
user_of!(OfNoPrefix, NoPrefix, all);

fn find(names: &[&str]) -> Vec<&'static UserClass> {
    let registry = Registry::find().expect("no duplicates");
    names.iter().map(|name| registry.class(name).expect("declared above")).collect()
}

fn read(line: &[&str], layers: &Layers, classes: &[&str]) -> Result<SettingValues, String> {
    let arguments: Vec<OsString> = ["swarm"].iter().chain(line).map(OsString::from).collect();
    let read = configuration::read::<Options>(&arguments, layers, &find(classes));
    read.map(|read| read.settings).map_err(|stop| match stop {
        Stop::Clap(error) => error.to_string(),
        Stop::Usage(error) => error.to_string(),
    })
}

fn typed(line: &[&str], layers: &Layers) -> String {
    let values = read(line, layers, &["Typed"]).expect("valid");
    let all = values.group::<All>().unwrap_or_else(|errors| panic!("{errors:?}"));
    let shown = format!("{:?}", *all);
    shown.trim_start_matches("All { ").trim_end_matches(" }").to_owned()
}

/// What stands in the value's place: `mode: Fast`.
const DEFAULTS: &str = "mode: Slow, offset: -3, pause: 1.5s, chatty: false, warm: true, folder: None, limit: None, words: [\"new\", \"a,b\"], numbers: [], keys: [], token: None, pin: 123456, name: \"\"";

#[test]
fn each_type_is_read_from_every_source() {
    let name = ("ALL_NAME", "");
    assert_eq!(typed(&["--name="], &Layers::default()), DEFAULTS);
    for (flags, variable, toml, before, after) in [
        (&["--mode", "fast"][..], "fast", "\"fast\"", "mode: Slow", "mode: Fast"),
        (&["--offset", "-7"], "-7", "-7", "offset: -3", "offset: -7"),
        (&["--pause", "250ms"], "250ms", "\"250ms\"", "pause: 1.5s", "pause: 250ms"),
        (&["--pause=2"], "2", "2", "pause: 1.5s", "pause: 2s"),
        (&["--chatty"], "1", "true", "chatty: false", "chatty: true"),
        (&["--warm=false"], "0", "false", "warm: true", "warm: false"),
        (&["--warm="], "", "\"\"", "warm: true", "warm: false"),
        (&["--folder", "/a b"], "/a b", "\"/a b\"", "folder: None", "folder: Some(\"/a b\")"),
        (&["--folder="], "", "\"\"", "folder: None", "folder: Some(\"\")"),
        (&["--limit", "1m"], "60s", "60.0", "limit: None", "limit: Some(60s)"),
        (&["--words="], "", "[]", "words: [\"new\", \"a,b\"]", "words: []"),
        (
            &["--words", r"a\,b, c", "--words", "d"],
            r"a\,b, c,d",
            "[\"a,b\", \"c\", \"d\"]",
            "words: [\"new\", \"a,b\"]",
            "words: [\"a,b\", \"c\", \"d\"]",
        ),
        (&["--numbers", "1,2"], "1, 2", "[1, 2]", "numbers: []", "numbers: [1, 2]"),
        (
            &["--keys", "a,b"],
            "a,b",
            "[\"a\", \"b\"]",
            "keys: []",
            "keys: [Secret(***), Secret(***)]",
        ),
        (&["--token", "--users"], "x", "\"x\"", "token: None", "token: Some(Secret(***))"),
    ] {
        let expected = DEFAULTS.replace(before, after);
        assert_ne!(expected, DEFAULTS, "{before}");
        let field = before.split(':').next().expect("a name");
        assert_eq!(typed(flags, &Layers::of(&[name], &[], "")), expected, "{flags:?}");
        let variable = (&*format!("ALL_{}", field.to_uppercase()), variable);
        assert_eq!(typed(&[], &Layers::of(&[name, variable], &[], "")), expected);
        assert_eq!(typed(&[], &Layers::of(&[name], &[variable], "")), expected);
        let file = format!("[settings.all]\n{field} = {toml}\n");
        assert_eq!(typed(&[], &Layers::of(&[name], &[], &file)), expected, "{file}");
        // What is typed wins as a whole: lists are not joined.
        let layers = Layers::of(&[name], &[], &file);
        assert_eq!(typed(flags, &layers), expected);
    }
}

#[test]
fn all_that_is_wrong_is_told_at_once_with_places_and_sources() {
    let file = "[settings.all]\nwords = \"x\"\nfolder = [\"a\", \"b\"]\nkeys = [1]\n";
    let layers = Layers::of(&[("ALL_OFFSET", "")], &[("ALL_PAUSE", "5sec")], file);
    let line = ["--mode", "medium", "--chatty=maybe", "--numbers", "1,x", "--pin", "hunter2"];
    let values = read(&line, &layers, &["Typed", "OfPrefixed"]).expect("read later");
    let classes = find(&["Typed", "Typed", "OfPrefixed"]);
    let error = classes::check(&classes, &Resources::default().with(values), None)
        .expect_err("much")
        .to_string();
    let expected = [
        ("mode", "is malformed", "`medium` from --mode: there are `fast` and `slow`; give it"),
        ("offset", "is malformed", "`` from ALL_OFFSET in the environment: "),
        ("pause", "is malformed", "`5sec` from ALL_PAUSE in .env: `5sec` is no duration"),
        ("chatty", "is malformed", "`maybe` from --chatty: write `true` or `false`; give it"),
        (
            "folder",
            "is malformed",
            "it is one value, and `settings.all.folder` in swarm.toml:3 is a list",
        ),
        ("numbers", "is malformed", "`x` from --numbers: invalid digit found in string; give it"),
        ("pin", "is malformed", "the value from --pin can't be read (it is secret); give it"),
        (
            "name",
            "is missing",
            "give it by --name, ALL_NAME in the environment or `.env`, or `settings.all.name` in swarm.toml",
        ),
    ];
    let lines: Vec<&str> = error.lines().collect();
    assert_eq!(lines.len(), expected.len(), "{error}");
    for (line, (field, what, reason)) in lines.iter().zip(expected) {
        let source = include_str!("tests.rs").lines();
        let declared = format!("    {field}: ");
        let at = source.take_while(|line| !line.starts_with(&declared)).count() + 1;
        let begin = format!("error: setting `{field}` of All {what} ({}:{at}): {reason}", file!());
        assert!(line.starts_with(&begin), "{begin}\n{line}");
        assert!(line.ends_with(&format!("`settings.all.{field}` in swarm.toml")), "{line}");
    }
    assert!(!error.contains("hunter2"), "{error}");
}

#[test]
fn the_secrets_that_were_read_are_known() {
    let layers = Layers::of(&[("ALL_NAME", "shown")], &[], "");
    let line = ["--keys", "first,second", "--token=--third", "--words", "shown too"];
    let values = read(&line, &layers, &["Typed"]).expect("valid");
    values.group::<All>().expect("complete");
    let text = "first second --third 123456 shown shown too";
    assert_eq!(values.secrets().redact(text), "*** *** *** *** shown shown too");
}

#[test]
fn names_that_are_taken_are_told_with_both_places_and_a_way_out() {
    for (classes, parts) in [
        (
            &["OfGreedy"][..],
            &[
                "error: `--users` is the setting `users` of Greedy (swarm-runner/src/setting_flags/tests.rs:",
                "and also an option of swarm\n",
                "error: `--help` is the setting `help` of Greedy",
                "help: write `#[settings(prefix = \"GREEDY\", prefix_flags)]` above `struct Greedy`, so that the flag is `--greedy-users`; or rename the field",
            ][..],
        ),
        (
            &["Typed", "OfSameFlag"],
            &[
                "`--name` is the setting `name` of SameFlag",
                "also the setting `name` of All (",
                "`--other-name`",
            ],
        ),
        (
            &["Typed", "OfSamePrefix"],
            &[
                "`ALL_NAME` is the setting `name` of SamePrefix",
                "give one of the structs another prefix",
            ],
        ),
        (&["Typed", "OfNoPrefix"], &["`settings.all` is the setting `all` of NoPrefix"]),
    ] {
        let error = read(&[], &Layers::default(), classes).map(drop).expect_err("a collision");
        for part in parts {
            assert!(error.contains(part), "no {part} in\n{error}");
        }
    }
    let line = ["--one-users", "3", "--users", "4", "--name", "a", "--one-name", "b"];
    let values = read(&line, &Layers::default(), &["Typed", "OfPrefixed"]).expect("apart");
    let prefixed = values.group::<Prefixed>().expect("complete");
    assert_eq!((prefixed.users, prefixed.name.as_deref()), (Some(3), Some("b")));
    assert_eq!(values.group::<All>().expect("complete").name, "a");
}

#[test]
fn unknown_keys_and_sections_are_refused_with_the_nearest() {
    for (file, place, near) in [
        ("[settings.all]\nofset = 1", "swarm.toml:2", "`settings.all.offset`"),
        ("users = 1\n[settings.al]\noffset = 1", "swarm.toml:3", "`settings.all.offset`"),
        ("[settings]\nname = 1", "swarm.toml:2", "`settings.all.name`"),
    ] {
        let error = read(&[], &Layers::of(&[], &[], file), &["Typed"]).map(drop);
        let error = error.expect_err("unknown");
        assert!(error.contains(place) && error.contains(near), "{file}: {error}");
    }
}

#[test]
fn help_has_each_struct_with_its_fields() {
    let help = read(&["--help"], &Layers::default(), &["Typed", "OfPrefixed"]).map(drop);
    let help = help.expect_err("help");
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "Settings of All (Of all types): --mode <MODE> How [default: slow] [env: ALL_MODE]",
        "--offset <OFFSET> [default: -3] [env: ALL_OFFSET]",
        "--pause <PAUSE> [default: 1.5s] [env: ALL_PAUSE]",
        "--chatty[=<CHATTY>] Says more [default: false] [env: ALL_CHATTY]",
        "--folder <FOLDER> Where [env: ALL_FOLDER]",
        r"--words <WORDS> [comma list, may be repeated] [default: new,a\,b] [env: ALL_WORDS]",
        "--numbers <NUMBERS> Numbers [comma list, may be repeated] [env: ALL_NUMBERS]",
        "--pin <PIN> [default: ***] [env: ALL_PIN]",
        "--name <NAME> [required] [env: ALL_NAME]",
        "Settings of Prefixed: --one-users <USERS> [env: ONE_USERS]",
    ] {
        assert!(help.contains(part), "no {part} in\n{help}");
    }
}
