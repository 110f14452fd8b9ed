//! What is left of a run: the JSON file, and standard output.

use crate::error::UsageError;
use serde::Serialize;
use std::fs;
use std::io::{ErrorKind, Write as _, stdout};
use std::path::{Path, PathBuf};
use swarm_core::report::Report;

/// The result as JSON.
pub(crate) fn json(report: &Report) -> String {
    pretty(report)
}

/// A value as JSON.
pub(crate) fn pretty(value: &impl Serialize) -> String {
    // None of ours has a map with keys that are no texts, and writing to memory can't fail.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// Checks that the file of an option can be written, before the load starts; makes its folder.
pub(crate) fn prepare(path: &Path, option: &str) -> Result<(), UsageError> {
    let bad = |error: std::io::Error| {
        UsageError::new(format!("can't write {}: {error}", path.display()))
            .help(format!("choose another place for {option}"))
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(bad)?;
    }
    let was_there = path.exists();
    fs::OpenOptions::new().create(true).append(true).open(path).map_err(bad)?;
    // The page may start runs whose files are called otherwise.
    if was_there { Ok(()) } else { fs::remove_file(path).map_err(bad) }
}

/// Writes a file whole; makes its folder, which may depend on the run.
pub(crate) fn write(path: &Path, text: impl AsRef<[u8]>) -> Result<(), UsageError> {
    let bad =
        |error: std::io::Error| UsageError::new(format!("can't write {}: {error}", path.display()));
    // Never half a file: what reads it may be waiting.
    let part = part_of(path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(bad)?;
    }
    fs::write(&part, text).and_then(|()| fs::rename(&part, path)).map_err(bad)
}

/// The file that becomes this one when it is whole.
pub(crate) fn part_of(path: &Path) -> PathBuf {
    path.with_extension("part")
}

/// Prints to standard output; a reader that has gone away is no error.
pub(crate) fn print(text: &str) -> Result<(), UsageError> {
    match stdout().write_all(text.as_bytes()).and_then(|()| stdout().flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(UsageError::new(format!("can't write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}
