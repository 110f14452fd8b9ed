//! Where options come from besides the command line: the environment, `.env`, `swarm.toml`.

use crate::error::UsageError;
use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// The environment and the files, as they were found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Layers {
    environment: HashMap<String, OsString>,
    dotenv: HashMap<String, String>,
    file: Option<File>,
}

#[derive(Debug, Clone)]
struct File {
    path: PathBuf,
    text: String,
    table: Table,
}

/// What an option is called in each source: `--run-time`, `SWARM_RUN_TIME`, `run-time`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Names {
    pub(crate) flag: String,
    pub(crate) variable: String,
    /// Dotted, if it stands in a section.
    pub(crate) key: String,
}

impl Names {
    /// A name that two options have in common, or that is a part of the other's.
    pub(crate) fn common(&self, other: &Self) -> Option<String> {
        let within = |part: &str, whole: &str| {
            whole.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        if self.variable == other.variable {
            Some(self.variable.clone())
        } else if within(&self.key, &other.key) || within(&other.key, &self.key) {
            Some(self.key.clone())
        } else if self.flag == other.flag {
            Some(self.flag.clone())
        } else {
            None
        }
    }
}

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) written: Written,
    pub(crate) source: String,
}

/// A value as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Written {
    Text(String),
    /// An array in `swarm.toml`.
    List(Vec<String>),
}

impl Written {
    /// As it would be written on the command line: a list is a comma list.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::List(items) => items.join(","),
        }
    }
}

impl Layers {
    /// Reads the environment, and the first `.env` and `swarm.toml` in this folder or above it.
    pub(crate) fn find(folder: &Path) -> Result<Self, UsageError> {
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
            .collect();
        let mut layers = Self { environment, ..Self::default() };
        if let Some(path) = upwards(folder, ".env") {
            layers.dotenv = read_dotenv(&path)?;
        }
        if let Some(path) = upwards(folder, "swarm.toml") {
            layers.read_file(path)?;
        }
        Ok(layers)
    }

    /// The same with this file instead of the `swarm.toml` that was found.
    pub(crate) fn with_file(&self, path: PathBuf) -> Result<Self, UsageError> {
        let mut layers = self.clone();
        layers.read_file(path)?;
        Ok(layers)
    }

    fn read_file(&mut self, path: PathBuf) -> Result<(), UsageError> {
        let text = std::fs::read_to_string(&path)
            .map_err(|error| UsageError::new(format!("can't read {}: {error}", path.display())))?;
        self.set_file(path, text)
    }

    /// Layers with these variables, and a `swarm.toml` with this text.
    #[cfg(test)]
    pub(crate) fn of(environment: &[(&str, &str)], dotenv: &[(&str, &str)], file: &str) -> Self {
        fn map<T: for<'a> From<&'a str>>(pairs: &[(&str, &str)]) -> HashMap<String, T> {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), T::from(value))).collect()
        }
        let environment = environment.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        let environment = environment.collect();
        let mut layers = Self { environment, dotenv: map(dotenv), file: None };
        layers.set_file("swarm.toml".into(), file.to_owned()).expect("valid");
        layers
    }

    fn set_file(&mut self, path: PathBuf, text: String) -> Result<(), UsageError> {
        let table = text.parse::<Table>().map_err(|error| {
            // Not its own text, which quotes the line: that may hold a secret.
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            UsageError::new(format!("{}:{line}: {}", path.display(), error.message()))
        })?;
        self.file = Some(File { path, text, table });
        Ok(())
    }

    /// A variable of the environment or `.env`. One that is set and empty is there.
    pub(crate) fn variable(&self, name: &str) -> Result<Option<Found>, UsageError> {
        let found = |text: &str, place: &str| {
            let written = Written::Text(text.to_owned());
            Ok(Some(Found { written, source: format!("{name} in {place}") }))
        };
        match (self.environment.get(name), self.dotenv.get(name)) {
            (Some(value), _) => match value.to_str() {
                Some(text) => found(text, "the environment"),
                None => Err(UsageError::new(format!("{name} in the environment is not UTF-8"))),
            },
            (None, Some(text)) => found(text, ".env"),
            (None, None) => Ok(None),
        }
    }

    /// The value of an option.
    pub(crate) fn value(&self, names: &Names) -> Result<Option<Found>, UsageError> {
        if let Some(found) = self.variable(&names.variable)? {
            return Ok(Some(found));
        }
        let (Some(file), key) = (&self.file, &names.key) else { return Ok(None) };
        let mut parts = key.split('.');
        let first = parts.next().and_then(|part| file.table.get(part));
        let value =
            parts.try_fold(first, |value, part| Some(value.and_then(|value| value.get(part))));
        let Some(value) = value.flatten() else { return Ok(None) };
        let source = format!("`{key}` in {}", file.place(key));
        match written(value) {
            Some(written) => Ok(Some(Found { written, source })),
            None => Err(UsageError::new(format!("{source} can't be a {}", value.type_str()))),
        }
    }

    /// Refuses keys of `swarm.toml` that nothing reads.
    pub(crate) fn check_keys(&self, known: &[String]) -> Result<(), UsageError> {
        let Some(file) = &self.file else { return Ok(()) };
        let mut keys = Vec::new();
        collect(&file.table, "", &mut keys);
        match keys.into_iter().find(|key| !known.contains(key)) {
            None => Ok(()),
            Some(key) => {
                let message = format!("{}: unknown key `{key}`", file.place(&key));
                Err(UsageError::new(message).nearest(&key, known.iter().map(String::as_str)))
            }
        }
    }
}

impl File {
    /// The line of a key, for messages: `swarm.toml:3`.
    fn place(&self, key: &str) -> String {
        let (section, last) = key.rsplit_once('.').unwrap_or(("", key));
        let mut inside = section.is_empty();
        let is_it = |line: &str| {
            let line = line.trim();
            if let Some(header) = line.strip_prefix('[') {
                inside = header.split(']').next().is_some_and(|name| name.trim() == section);
            }
            let names_it =
                |key| line.strip_prefix(key).unwrap_or_default().trim_start().starts_with('=');
            inside && names_it(last) || names_it(key)
        };
        match self.text.lines().position(is_it) {
            Some(line) => format!("{}:{}", self.path.display(), line + 1),
            None => self.path.display().to_string(),
        }
    }
}

/// All keys that have values, dotted.
fn collect(table: &Table, prefix: &str, keys: &mut Vec<String>) {
    for (key, value) in table {
        let key = format!("{prefix}{key}");
        match value {
            Value::Table(table) => collect(table, &format!("{key}."), keys),
            _ => keys.push(key),
        }
    }
}

fn written(value: &Value) -> Option<Written> {
    match value {
        Value::Array(items) => items.iter().map(text_of).collect::<Option<_>>().map(Written::List),
        value => text_of(value).map(Written::Text),
    }
}

/// A single value as it would be written on the command line.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Boolean(truth) => Some(truth.to_string()),
        Value::Datetime(time) => Some(time.to_string()),
        Value::Array(_) | Value::Table(_) => None,
    }
}

fn read_dotenv(path: &Path) -> Result<HashMap<String, String>, UsageError> {
    let unreadable =
        |error: std::io::Error| UsageError::new(format!("can't read {}: {error}", path.display()));
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    let text = text.trim_start_matches('\u{feff}');
    let bad = |error: dotenvy::Error| match error {
        // Not its own text, which quotes the line: that may hold a secret.
        dotenvy::Error::LineParse(wrong, _) => {
            let first = wrong.lines().next().unwrap_or_default();
            let line = text.lines().position(|line| line.contains(first)).map_or(1, |at| at + 1);
            UsageError::new(format!("{}:{line}: this is no assignment", path.display()))
                .help("write `NAME=value`, with single quotes around a value that has spaces, `#`, `$` or `\\`")
        }
        error => UsageError::new(format!("{}: {error}", path.display())),
    };
    dotenvy::from_read_iter(text.as_bytes()).collect::<Result<_, _>>().map_err(bad)
}

/// The first file of this name in a folder or above it.
fn upwards(folder: &Path, name: &str) -> Option<PathBuf> {
    folder.ancestors().map(|folder| folder.join(name)).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(variable: &str, key: &str) -> Names {
        Names { flag: String::new(), variable: variable.to_owned(), key: key.to_owned() }
    }

    #[test]
    fn the_environment_wins_over_the_files() {
        let file = "users = 3\nname = 1\n[settings.shop]\nname = \"x\"\n";
        for (environment, dotenv, expected) in [
            (&[("SWARM_USERS", "1")][..], &[("SWARM_USERS", "2")][..], "1"),
            (&[], &[("SWARM_USERS", "2")], "2"),
            (&[], &[], "3"),
        ] {
            let layers = Layers::of(environment, dotenv, file);
            let found = layers.value(&names("SWARM_USERS", "users")).expect("valid");
            assert_eq!(found.expect("there").written.text(), expected);
        }
        let layers = Layers::of(&[], &[], file);
        let found = layers.value(&names("SHOP_NAME", "settings.shop.name")).expect("valid");
        let found = found.expect("there");
        assert_eq!(found.written, Written::Text("x".to_owned()));
        assert_eq!(found.source, "`settings.shop.name` in swarm.toml:4");
        assert_eq!(layers.value(&names("X", "settings.other.name")), Ok(None));
    }

    #[test]
    fn dotenv_is_read_as_a_shell_does() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(".env");
        let text = "\u{feff}# a comment\nPLAIN=a b#c # not this\n";
        std::fs::write(&path, text).expect("writable");
        assert!(read_dotenv(&path).is_err(), "spaces need quotes");
        for (line, expected) in [
            ("X=plain#text # a comment", "plain#text"),
            ("export X=1", "1"),
            ("X = 1", "1"),
            ("X=", ""),
            ("X=''", ""),
            ("X='$a \\n \"b\"'", "$a \\n \"b\""),
            ("X=\"a\\n\\\"b\\\" # \\$c\"", "a\n\"b\" # $c"),
            ("X='two\nlines'", "two\nlines"),
            ("Y=1\nX=\"${Y}2\"", "12"),
            ("X=1\nX=2", "2"),
        ] {
            std::fs::write(&path, format!("\u{feff}{line}\n")).expect("writable");
            let found = read_dotenv(&path).unwrap_or_else(|error| panic!("{line}: {error}"));
            assert_eq!(found.get("X").map(String::as_str), Some(expected), "{line}");
        }
        let layers = Layers::of(&[("X", "")], &[("X", "1")], "");
        let found = layers.variable("X").expect("valid").expect("there");
        assert_eq!(found.written, Written::Text(String::new()), "set and empty is given");
    }

    #[test]
    fn broken_files_are_told_by_line_and_not_quoted() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text, place) in [
            (".env", "A=1\nB=hunter2 x\n", ".env:2"),
            (".env", "A=1\n\nB='hunter2\n", ".env:3"),
            (".env", "hunter2\n", ".env:1"),
            ("swarm.toml", "a = 1\npassword = \"hunter2\n", "swarm.toml:2"),
            ("swarm.toml", "a = 1\n\npassword = hunter2\n", "swarm.toml:3"),
            ("swarm.toml", "a = 1\na = \"hunter2\"\n", "swarm.toml:2"),
        ] {
            std::fs::write(folder.path().join(name), text).expect("writable");
            let error = Layers::find(folder.path()).expect_err(text).to_string();
            assert!(error.contains(place) && !error.contains("hunter2"), "{text}: {error}");
            std::fs::remove_file(folder.path().join(name)).expect("there");
        }
    }

    #[test]
    fn a_misspelt_key_is_found_with_its_line() {
        let layers = Layers::of(&[], &[], "users = 3\nspawn_rate = 2\n");
        let known = ["users".to_owned(), "spawn-rate".to_owned()];
        let error = layers.check_keys(&known).expect_err("unknown").to_string();
        assert!(error.contains("swarm.toml:2: unknown key `spawn_rate`"), "{error}");
        assert!(error.contains("did you mean `spawn-rate`?"), "{error}");
    }
}
