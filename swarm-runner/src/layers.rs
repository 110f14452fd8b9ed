//! Where options come from besides the command line: the environment, `.env`, `swarm.toml`.

use crate::error::UsageError;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// The environment and the files, as they were found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Layers {
    environment: HashMap<String, String>,
    dotenv: HashMap<String, String>,
    file: Option<File>,
}

#[derive(Debug, Clone)]
struct File {
    path: PathBuf,
    text: String,
    table: Table,
}

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) text: String,
    pub(crate) source: String,
}

impl Layers {
    /// Reads the environment, and the first `.env` and `swarm.toml` in this folder or above it.
    pub(crate) fn find(folder: &Path) -> Result<Self, UsageError> {
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
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
        let map = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let mut layers = Self { environment: map(environment), dotenv: map(dotenv), file: None };
        layers.set_file("swarm.toml".into(), file.to_owned()).expect("valid");
        layers
    }

    fn set_file(&mut self, path: PathBuf, text: String) -> Result<(), UsageError> {
        let table = text.parse::<Table>().map_err(|error| {
            // Not its own text, which quotes the line: that may hold a secret.
            let before = error.span().map(|span| &text[..span.start]).unwrap_or_default();
            let line = before.lines().count().max(1);
            UsageError::new(format!("{}:{line}: {}", path.display(), error.message()))
        })?;
        self.file = Some(File { path, text, table });
        Ok(())
    }

    /// A variable of the environment or `.env`.
    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        self.environment.get(name).or_else(|| self.dotenv.get(name)).map(String::as_str)
    }

    /// The value for a variable of the environment, or for a dotted key of `swarm.toml`.
    pub(crate) fn value(&self, variable: &str, key: &str) -> Result<Option<Found>, UsageError> {
        let found = |text: &String, source: String| Some(Found { text: text.clone(), source });
        if let Some(text) = self.environment.get(variable) {
            return Ok(found(text, format!("{variable} in the environment")));
        }
        if let Some(text) = self.dotenv.get(variable) {
            return Ok(found(text, format!("{variable} in .env")));
        }
        let Some(file) = &self.file else { return Ok(None) };
        let mut parts = key.split('.');
        let first = parts.next().and_then(|part| file.table.get(part));
        let value =
            parts.try_fold(first, |value, part| Some(value.and_then(|value| value.get(part))));
        let Some(value) = value.flatten() else { return Ok(None) };
        let source = format!("`{key}` in {}", file.place(key));
        match text_of(value) {
            Some(text) => Ok(Some(Found { text, source })),
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
        let last = key.rsplit('.').next().unwrap_or(key);
        let is_it = |line: &str| {
            line.trim_start()
                .strip_prefix(last)
                .is_some_and(|rest| rest.trim_start().starts_with('='))
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

/// A value as it would be written on the command line; a list is a comma list.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Boolean(truth) => Some(truth.to_string()),
        Value::Array(items) => {
            items.iter().map(text_of).collect::<Option<Vec<_>>>().map(|items| items.join(","))
        }
        Value::Datetime(_) | Value::Table(_) => None,
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

    #[test]
    fn the_environment_wins_over_the_files() {
        let file = "users = 3\n[settings.shop]\nname = \"x\"\n";
        for (environment, dotenv, expected) in [
            (&[("SWARM_USERS", "1")][..], &[("SWARM_USERS", "2")][..], "1"),
            (&[], &[("SWARM_USERS", "2")], "2"),
            (&[], &[], "3"),
        ] {
            let layers = Layers::of(environment, dotenv, file);
            let found = layers.value("SWARM_USERS", "users").expect("valid").expect("there");
            assert_eq!(found.text, expected);
        }
        let layers = Layers::of(&[], &[], file);
        let found = layers.value("SHOP_NAME", "settings.shop.name").expect("valid").expect("there");
        assert_eq!(
            (found.text.as_str(), found.source.as_str()),
            ("x", "`settings.shop.name` in swarm.toml:3")
        );
        assert_eq!(layers.value("X", "settings.other.name"), Ok(None));
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
