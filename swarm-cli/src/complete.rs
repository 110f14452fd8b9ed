//! The shell's completion: the scripts, and what may be typed next.
//!
//! A script knows no options. It asks `cargo-swarm complete -- WORDS`, which tells cargo's part, and then lets the load test of the current package tell its own
//! options, settings and classes, if it is built. Nothing is built here: who presses a key does not want to wait.

use crate::args::{Args, CargoArgs};
use crate::error::Error;
use crate::{locate, runner, start};
use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{Write as _, stdout};
use std::process::ExitCode;

/// By name of the shell.
const SCRIPTS: [(&str, &str); 5] = [
    ("bash", include_str!("shells/cargo-swarm.bash")),
    ("zsh", include_str!("shells/cargo-swarm.zsh")),
    ("fish", include_str!("shells/cargo-swarm.fish")),
    ("powershell", include_str!("shells/cargo-swarm.ps1")),
    ("elvish", include_str!("shells/cargo-swarm.elv")),
];

/// Cargo's options: names, meaning, and whether a value follows.
const OPTIONS: [(&str, &str, bool); 10] = [
    ("--package", "Package with the user classes", true),
    ("--manifest-path", "Path to Cargo.toml", true),
    ("--features", "Features of the packages", true),
    ("--all-features", "All features of the packages", false),
    ("--no-default-features", "No default feature of the packages", false),
    ("--profile", "Build profile", true),
    ("--target-dir", "Folder for all build artifacts", true),
    ("--offline", "Do not use the network", false),
    ("--locked", "The lock file must be up to date", false),
    ("--frozen", "Both of these", false),
];

const COMMANDS: [(&str, &str); 5] = [
    ("try", "Run one user once, and print each request and answer"),
    ("build", "Build the load test into one file"),
    ("runs", "List the runs that were kept"),
    ("compare", "Compare results of runs"),
    ("completions", "Print the script for a shell"),
];

/// The script for a shell.
pub(crate) fn script(shell: &str) -> Result<&'static str, Error> {
    let found = SCRIPTS.iter().find(|(name, _)| *name == shell);
    found.map(|(_, script)| *script).ok_or_else(|| {
        Error::new(format!("no completions for the shell `{shell}`"))
            .help(format!("there are: {}", SCRIPTS.map(|(name, _)| name).join(", ")))
    })
}

/// Prints what may stand for the last of these words: a line for each, with its meaning behind a tab.
pub(crate) fn complete(words: &[OsString]) -> Result<ExitCode, Error> {
    let texts: Vec<String> = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let (current, before) = texts.split_last().map_or(("", &[][..]), |(word, rest)| (word, rest));
    let command = before.first().map_or("", String::as_str);
    if command == "completions" {
        return print(current, SCRIPTS.map(|(name, _)| (name, "")));
    }
    let (name, prefix, value) = match current.split_once('=') {
        Some((name, value)) => (name, format!("{name}="), value),
        None => (before.last().map_or("", String::as_str), String::new(), current),
    };
    // What stands before an option that waits for its value says which package is meant.
    let waits = prefix.is_empty() && takes_value(name);
    let known = &words[..before.len() - usize::from(waits)];
    let mut args = Args::parse(known.iter().cloned()).unwrap_or_default();
    args.cargo.offline = true;
    if takes_value(name) {
        let values =
            values(name, &args.cargo).into_iter().map(|value| (prefix.clone() + &value, ""));
        let list = prefix.clone() + value;
        return print(&list, values);
    }
    if before.is_empty() {
        print(current, COMMANDS)?;
    }
    if current.starts_with('-') {
        print(current, OPTIONS.map(|(name, meaning, _)| (name, meaning)))?;
    }
    // What is built or compared are files, which the shell knows.
    if ["build", "compare", "runs"].contains(&command) {
        Ok(ExitCode::SUCCESS)
    } else {
        ask_load_test(&args, &words[before.len()..])
    }
}

/// Lets the load test tell its part. One that is not built has none; one that is no load test at all is for the shell to bear.
fn ask_load_test(args: &Args, current: &[OsString]) -> Result<ExitCode, Error> {
    let Ok(packages) = locate::packages(&args.cargo) else { return Ok(ExitCode::SUCCESS) };
    let Some(program) = runner::built(&packages, &args.cargo) else { return Ok(ExitCode::SUCCESS) };
    let words = [args.load_test.as_slice(), current].concat();
    let mut command = start::command(&program, Some((&packages, &args.cargo)), &words);
    command.env("SWARM_COMPLETE", "1");
    start::replace(command).map_err(|error| Error::new(format!("can't start it: {error}")))
}

fn takes_value(name: &str) -> bool {
    ["-p", "-F"].contains(&name) || OPTIONS.iter().any(|(known, _, value)| *known == name && *value)
}

/// Known values of one of cargo's options. For paths there are none: the shell knows files.
fn values(name: &str, args: &CargoArgs) -> Vec<String> {
    match name {
        "-p" | "--package" => locate::with_users(args).unwrap_or_default(),
        "-F" | "--features" => {
            let selected = locate::packages(args).map(|packages| packages.selected);
            let selected = selected.unwrap_or_default();
            selected.iter().flat_map(|package| package.features.keys().cloned()).collect()
        }
        "--profile" => ["swarm", "release", "dev"].map(str::to_owned).into(),
        _ => Vec::new(),
    }
}

/// Prints those that begin with what is there.
fn print<W: AsRef<str>>(
    begins: &str,
    candidates: impl IntoIterator<Item = (W, &'static str)>,
) -> Result<ExitCode, Error> {
    let mut lines = String::new();
    for (word, meaning) in candidates {
        if word.as_ref().starts_with(begins) {
            let _ = writeln!(lines, "{}\t{meaning}", word.as_ref());
        }
    }
    // A shell that has gone away is no error.
    let _ = stdout().write_all(lines.as_bytes()).and_then(|()| stdout().flush());
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_options_are_those_that_are_taken_out() {
        for (name, _, value) in OPTIONS {
            let words = [name, "x"].into_iter().take(1 + usize::from(value));
            let args = Args::parse(words.map(OsString::from)).expect(name);
            assert!(args.load_test.is_empty() && args.cargo != CargoArgs::default(), "{name}");
        }
    }
}
