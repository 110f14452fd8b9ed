//! Which results are from before, and which from after.

use crate::error::UsageError;
use crate::history::Id;
use std::path::{Path, PathBuf};

/// Files before, and files after.
type Sides = (Vec<PathBuf>, Vec<PathBuf>);

/// Splits the files: those behind `--after` are after, or the second of two, or those of the second name.
pub(super) fn split(files: Vec<PathBuf>, after: Vec<PathBuf>) -> Result<Sides, UsageError> {
    if !after.is_empty() {
        return Ok((files, after));
    }
    if let [before, after] = files.as_slice() {
        return Ok((vec![before.clone()], vec![after.clone()]));
    }
    let mut names: Vec<PathBuf> = Vec::new();
    for name in files.iter().map(|file| name(file)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let [first, _] = names.as_slice() else {
        let found: Vec<String> = names.iter().map(|name| name.display().to_string()).collect();
        let message = "can't tell which results are from before, and which from after";
        return Err(UsageError::new(message)
            .help(format!("without the numbers at their ends, the names are: {}", found.join(", ")))
            .help("put those after behind --after"));
    };
    let is_before = |file: &PathBuf| name(file) == *first;
    Ok(files.into_iter().partition(is_before))
}

/// A file's name without what numbers it: `runs/before-2.json` is `runs/before`. The digits of an id number nothing.
fn name(file: &Path) -> PathBuf {
    if file.to_str().is_some_and(|word| word.parse::<Id>().is_ok()) {
        return file.to_owned();
    }
    let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let name = stem.trim_end_matches(|letter: char| letter.is_ascii_digit());
    file.with_file_name(name.trim_end_matches(['-', '_', '.', ' ']))
}
