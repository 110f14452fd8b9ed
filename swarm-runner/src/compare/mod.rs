//! `compare`: what has changed between the results of some runs and those of others. Needs no user classes.

mod sides;
mod tables;

use crate::configuration::Stop;
use crate::error::UsageError;
use crate::output;
use clap::{Parser, ValueEnum};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use swarm_core::compare::compare;
use swarm_core::report::Report;

/// The word that asks for it.
const COMMAND: &str = "compare";

/// Stands below the options.
const NOTES: &str = "\
Two files are one run before and one after. Of more, the names say it: `before-1.json before-2.json
after-1.json after-2.json` are two of each, and so are any two names with numbers at their ends.
Otherwise those after follow --after.

Exit codes: 0 nothing is worse, 3 something is, 2 the runs can't be compared.";

/// Compare the results of runs (the files of --json-file).
#[derive(Debug, Parser)]
#[command(name = "cargo swarm compare", bin_name = "cargo swarm compare", max_term_width = 100)]
#[command(after_help = NOTES)]
struct Arguments {
    /// Results of runs: those before, then those after.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Results of the runs after; all others are before.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    after: Vec<PathBuf>,

    /// Changes that are not larger are no difference.
    #[arg(long, value_name = "PERCENT", default_value = "5%", value_parser = percent)]
    margin: f64,

    /// Compare although the hosts differ.
    #[arg(long)]
    any_host: bool,

    /// How to show it; Markdown is for a pull request.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Markdown,
}

/// The command's own arguments, if it is asked for.
pub(crate) fn asked(arguments: &[OsString]) -> Option<&[OsString]> {
    let (word, _) = arguments.get(1..)?.split_first()?;
    (word == COMMAND).then(|| &arguments[1..])
}

/// Compares, and prints it. Returns the exit code.
pub(crate) fn run(arguments: &[OsString]) -> Result<u8, Stop> {
    let arguments = Arguments::try_parse_from(arguments).map_err(Stop::Clap)?;
    let (before, after) = sides::split(arguments.files, arguments.after)?;
    let [before, after] = [before, after]
        .map(|files| files.iter().map(|file| read(file)).collect::<Result<Vec<_>, _>>());
    let comparison = compare(&before?, &after?, arguments.margin, arguments.any_host);
    let text = match arguments.format {
        Format::Text => tables::text(&comparison),
        Format::Markdown => tables::markdown(&comparison),
        Format::Json => output::pretty(&comparison),
    };
    output::print(&text)?;
    Ok(comparison.exit_code())
}

fn read(path: &Path) -> Result<Report, UsageError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| UsageError::new(format!("can't read {}: {error}", path.display())))?;
    serde_json::from_str(&text).map_err(|error| {
        let message = format!("{} is no result of this version of swarm: {error}", path.display());
        UsageError::new(message).help("results are written by --json-file")
    })
}

/// `5%`, or `5`.
fn percent(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').unwrap_or(text).trim().parse::<f64>();
    let number = number.ok().filter(|number| (0.0..=100.0).contains(number));
    number.map(|percent| percent / 100.0).ok_or_else(|| "expected a share, as in `5%`".to_owned())
}

#[cfg(test)]
mod tests;
