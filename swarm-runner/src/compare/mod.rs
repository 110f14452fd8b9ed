//! `compare`: what has changed between the results of some runs and those of others. Needs no user classes.

mod sides;
mod tables;

use crate::configuration::Stop;
use crate::error::UsageError;
use crate::history::{History, folder_of, read_report};
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
A run of the history (`cargo swarm runs`) is named by its id, by `last` or `last~1`, or by its name,
which may be that of several runs.

Two files are one run before and one after. Of more, the names say it: `before-1.json before-2.json
after-1.json after-2.json` are two of each, and so are any two names with numbers at their ends.
Otherwise those after follow --after.

Exit codes: 0 nothing is worse, 3 something is, 2 the runs can't be compared.";

/// Compare the results of runs: files of --json-file, or runs of the history.
#[derive(Debug, Parser)]
#[command(name = "cargo swarm compare", bin_name = "cargo swarm compare", max_term_width = 100)]
#[command(after_help = NOTES)]
struct Arguments {
    /// Results of runs: those before, then those after.
    #[arg(value_name = "RUN", required = true)]
    files: Vec<PathBuf>,

    /// Results of the runs after; all others are before.
    #[arg(long, value_name = "RUN", num_args = 1..)]
    after: Vec<PathBuf>,

    /// Changes that are not larger are no difference.
    #[arg(long, value_name = "PERCENT", default_value = "5%", value_parser = percent)]
    margin: f64,

    /// Compare although the hosts differ.
    #[arg(long)]
    any_host: bool,

    /// Folder of the history; else that of swarm.toml, or of cargo's target folder.
    #[arg(long, value_name = "DIR")]
    history: Option<PathBuf>,

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
pub(crate) fn run(arguments: &[OsString], package: &Path) -> Result<u8, Stop> {
    let arguments = Arguments::try_parse_from(arguments).map_err(Stop::Clap)?;
    let (before, after) = sides::split(arguments.files, arguments.after)?;
    let (mut history, given) = (None, arguments.history.as_deref());
    let mut side = |words: Vec<PathBuf>| {
        let mut reports = Vec::new();
        for word in &words {
            reports.extend(reports_of(word, &mut history, given, package)?);
        }
        Ok::<_, UsageError>(reports)
    };
    let (before, after) = (side(before)?, side(after)?);
    let comparison = compare(&before, &after, arguments.margin, arguments.any_host);
    let text = match arguments.format {
        Format::Text => tables::text(&comparison),
        Format::Markdown => tables::markdown(&comparison),
        Format::Json => output::pretty(&comparison),
    };
    output::print(&text)?;
    Ok(comparison.exit_code())
}

/// The results that a word means: that of a file, or else those of the history, which is read when it is needed first.
fn reports_of(
    word: &Path,
    history: &mut Option<History>,
    given: Option<&Path>,
    package: &Path,
) -> Result<Vec<Report>, UsageError> {
    if word.exists() {
        return Ok(vec![read_report(word)?]);
    }
    let history = match history {
        Some(history) => history,
        None => history.insert(History::in_folder(folder_of(given, package)?)),
    };
    let found = word.to_str().map(|word| history.find(word)).unwrap_or_default();
    if found.is_empty() {
        let what = "there is no such file, and no run of the history is called so";
        let message = format!("can't read {}: {what}", word.display());
        let error = UsageError::new(message);
        return Err(match history.folder() {
            Some(folder) => error.help(format!("runs are looked for in {}", folder.display())),
            None => error.help("the folder of kept runs is named by --history"),
        });
    }
    found.iter().map(|id| read_report(&history.path_of(id))).collect()
}

/// `5%`, or `5`.
fn percent(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').unwrap_or(text).trim().parse::<f64>();
    let number = number.ok().filter(|number| (0.0..=100.0).contains(number));
    number.map(|percent| percent / 100.0).ok_or_else(|| "expected a share, as in `5%`".to_owned())
}

#[cfg(test)]
mod tests;
