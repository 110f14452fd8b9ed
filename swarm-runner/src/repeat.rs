//! Running the same several times: which files each run writes.

use crate::error::UsageError;
use crate::options::Options;
use std::path::{Path, PathBuf};

/// The options of the run with this number (from 1): its files have that number if there are several runs.
pub(crate) fn of_run(number: u32, options: &Options) -> Options {
    let mut options = options.clone();
    if options.repeat > 1 {
        let Options { json_file, csv, request_log, results, .. } = &mut options;
        let files = [json_file, csv, request_log, &mut results.junit];
        for file in files.into_iter().flatten() {
            *file = numbered(file, number);
        }
    }
    options
}

/// Checks that what is repeated leaves something to compare.
pub(crate) fn check(options: &Options) -> Result<(), UsageError> {
    if options.repeat > 1 && !options.headless {
        let error = UsageError::new("--repeat is for runs without the web page");
        return Err(error.help("add --headless"));
    }
    if options.repeat > 1 && options.json_file.is_none() {
        let error = UsageError::new("--repeat needs files for the results of its runs");
        return Err(error.help("add --json-file FILE: the files are FILE-1, FILE-2, …"));
    }
    Ok(())
}

/// `runs/before.json` is `runs/before-2.json`.
fn numbered(path: &Path, number: u32) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_os_string();
    name.push(format!("-{number}"));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser as _;

    #[test]
    fn files_are_numbered_if_there_are_several_runs() {
        let options = |words: &str| {
            Options::parse_from(["swarm"].into_iter().chain(words.split_whitespace()))
        };
        let several = options(
            "--headless --repeat 5 --json-file runs/before.json --csv out --request-log r.x --junit r.xml",
        );
        let third = of_run(3, &several);
        assert_eq!(third.json_file, Some("runs/before-3.json".into()));
        assert_eq!(third.csv, Some("out-3".into()));
        assert_eq!(third.request_log, Some("r-3.x".into()));
        assert_eq!(third.results.junit, Some("r-3.xml".into()));
        let one = options("--json-file before.json");
        assert_eq!(of_run(1, &one).json_file, one.json_file);
        assert!(check(&one).is_ok() && check(&several).is_ok());
        assert!(check(&options("--headless --repeat 2")).is_err());
    }
}
