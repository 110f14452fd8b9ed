//! Where the history is, and which of its runs a word on the command line means.

use super::folder::History;
use super::id::Id;
use crate::configuration;
use crate::error::UsageError;
use crate::layers::Layers;
use std::path::{Path, PathBuf};

/// The folder that `cargo swarm` chooses, in the target folder. A program that is started by itself has none.
pub(crate) fn default_folder() -> Option<PathBuf> {
    std::env::var_os("SWARM_RUNS_DIR").map(PathBuf::from)
}

/// The folder for commands that only read: the one that is given, that of the environment or `swarm.toml`, or the default.
pub(crate) fn folder_of(
    given: Option<&Path>,
    package: &Path,
) -> Result<Option<PathBuf>, UsageError> {
    if let Some(given) = given {
        return Ok(Some(given.to_owned()));
    }
    let found = configuration::lower_value("history", &Layers::find(package)?)?;
    Ok(found.map(PathBuf::from).or_else(default_folder))
}

impl History {
    /// The runs that a word means: an id, `last`, `last~2` for the second before that, or the name of one or more runs. The oldest first; none if there is
    /// no such run.
    pub(crate) fn find(&self, word: &str) -> Vec<Id> {
        let listed = self.list();
        let ids = || listed.iter().filter_map(|run| run.id.parse::<Id>().ok());
        if let Ok(id) = word.parse::<Id>() {
            return ids().filter(|known| *known == id).collect();
        }
        let back = match word.strip_prefix("last") {
            Some("") => Some(0),
            Some(rest) => rest.strip_prefix('~').and_then(|number| number.parse().ok()),
            None => None,
        };
        if let Some(back) = back {
            return ids().nth(back).into_iter().collect();
        }
        let named = listed.iter().rev().filter(|run| run.name() == Some(word));
        named.filter_map(|run| run.id.parse().ok()).collect()
    }
}
