//! The command line: what is cargo's, what is the load test's.
//!
//! Both stand in any order, and this program does not know the load test's options (they depend on the user's crate), so it takes out its own few and leaves
//! the rest as it is. That can't be had from an argument parser, which refuses what it does not know.

use crate::error::Error;
use std::ffi::{OsStr, OsString};
use std::iter::Peekable;
use std::path::PathBuf;

/// Printed where no load test is found that could print its own.
pub(crate) const HELP: &str = "\
Load testing for people who think in Rust

Usage: cargo swarm [CARGO OPTIONS] [LOAD TEST OPTIONS]
       cargo swarm try CLASS [CARGO OPTIONS] [LOAD TEST OPTIONS]
       cargo swarm build -o FILE [CARGO OPTIONS]
       cargo swarm runs
       cargo swarm compare BEFORE... AFTER...
       cargo swarm completions bash|zsh|fish|powershell|elvish

Cargo options:
  -p, --package <SPEC>       Package with the user classes; may be repeated
      --manifest-path <PATH> Path to Cargo.toml
  -F, --features <FEATURES>  Features of the packages
      --all-features         All features of the packages
      --no-default-features  No default feature of the packages
      --profile <NAME>       Build profile; `swarm` (release without LTO) if not given
      --target-dir <DIR>     Folder for all build artifacts
      --offline, --locked, --frozen
      --                     All that follows is the load test's

Commands:
  try <CLASS>                Run one user once, and print each request and answer
  build -o <FILE>            Build the load test into one file, to copy to other machines
  runs                       List the runs that were kept; more by `runs --help`
  compare <RUNS>             Compare results of runs, of any load tests; more by `compare --help`
  completions <SHELL>        Print a script that completes commands, options and classes:
                             bash         source <(cargo swarm completions bash)
                             zsh          source <(cargo swarm completions zsh)
                             fish         cargo swarm completions fish | source
                             powershell   cargo swarm completions powershell | Out-String | iex
                             elvish       eval (cargo swarm completions elvish | slurp)

The load test has its own options: run `cargo swarm --help` where a package with user classes is
found, to see all of them.
";

/// What was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Args {
    pub(crate) action: Action,
    pub(crate) cargo: CargoArgs,
    /// The load test's arguments, as they were.
    pub(crate) load_test: Vec<OsString>,
}

/// What to do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Action {
    #[default]
    Run,
    Help,
    Version,
    Build {
        output: PathBuf,
    },
    /// Print the script for a shell.
    Completions {
        shell: String,
    },
    /// Tell what may stand for the last of these words.
    Complete {
        words: Vec<OsString>,
    },
}

/// Cargo's own selection.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct CargoArgs {
    pub(crate) packages: Vec<String>,
    pub(crate) manifest_path: Option<PathBuf>,
    pub(crate) features: Vec<String>,
    pub(crate) all_features: bool,
    pub(crate) no_default_features: bool,
    pub(crate) profile: Option<String>,
    pub(crate) target_dir: Option<PathBuf>,
    pub(crate) offline: bool,
    pub(crate) locked: bool,
}

/// Commands of the load test's program that need no user classes.
const WITHOUT_CLASSES: [&str; 2] = ["compare", "runs"];

impl Args {
    /// Whether what is asked for can be had anywhere.
    pub(crate) fn needs_no_classes(&self) -> bool {
        self.load_test.first().is_some_and(|word| WITHOUT_CLASSES.iter().any(|it| word == it))
    }

    /// Sorts the arguments that stand behind the program's name.
    pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, Error> {
        let mut rest = arguments.into_iter().peekable();
        // Cargo calls `cargo-swarm swarm …`.
        rest.next_if(|first| first == "swarm");
        if let Some(action) = completion(&mut rest)? {
            return Ok(Self { action, ..Self::default() });
        }
        let build = rest.next_if(|first| first == "build").is_some();
        let mut args = Self::default();
        let mut output = None;
        while let Some(argument) = rest.next() {
            let (name, given) = split(&argument);
            let mut value = |name: &str| {
                given
                    .clone()
                    // An option is no value, as with cargo.
                    .or_else(|| rest.next_if(|next| !next.as_encoded_bytes().starts_with(b"-")))
                    .ok_or_else(|| Error::new(format!("`{name}` needs a value")))
            };
            match name.as_str() {
                "--" => args.load_test.extend(rest.by_ref()),
                "-o" | "--output" if build => output = Some(PathBuf::from(value(&name)?)),
                "-h" | "--help" if args.action == Action::Run => {
                    args.action = Action::Help;
                    args.load_test.push(argument);
                }
                "-V" | "--version" => args.action = Action::Version,
                _ if args.cargo.take(&name, &mut value)? => {}
                _ => args.load_test.push(argument),
            }
        }
        if build && args.action == Action::Run {
            let help = "name the file: `cargo swarm build -o load-test`";
            let output = output.ok_or_else(|| Error::new("`build` needs `-o FILE`").help(help))?;
            args.action = Action::Build { output };
        }
        Ok(args)
    }
}

/// The two commands for shells, which stand alone.
fn completion(
    rest: &mut Peekable<impl Iterator<Item = OsString>>,
) -> Result<Option<Action>, Error> {
    if rest.next_if(|first| first == "complete").is_some() {
        rest.next_if(|first| first == "--");
        return Ok(Some(Action::Complete { words: rest.collect() }));
    }
    if rest.next_if(|first| first == "completions").is_none() {
        return Ok(None);
    }
    let shell = rest.next().filter(|shell| shell != "-h" && shell != "--help");
    let missing = || {
        Error::new("`completions` needs the name of a shell")
            .help("`cargo swarm completions bash`; also zsh, fish, powershell, elvish")
    };
    let shell = shell.ok_or_else(missing)?.to_string_lossy().into_owned();
    Ok(Some(Action::Completions { shell }))
}

/// `--name=value`, `-pvalue` as two; a value that is no UTF-8 stays as it is.
fn split(argument: &OsStr) -> (String, Option<OsString>) {
    let text = argument.to_string_lossy().into_owned();
    if argument.to_str().is_none() {
        return (text, None);
    }
    if let Some((name, value)) = text.split_once('=').filter(|(name, _)| name.starts_with("--")) {
        return (name.to_owned(), Some(value.into()));
    }
    for short in ["-p", "-F"] {
        if let Some(value) = text.strip_prefix(short).filter(|value| !value.is_empty()) {
            return (short.to_owned(), Some(value.trim_start_matches('=').into()));
        }
    }
    (text, None)
}

impl CargoArgs {
    /// Takes an option, if it is cargo's.
    fn take(
        &mut self,
        name: &str,
        value: &mut impl FnMut(&str) -> Result<OsString, Error>,
    ) -> Result<bool, Error> {
        let mut text = |name: &str| {
            value(name)?.into_string().map_err(|_| Error::new(format!("`{name}`: not UTF-8")))
        };
        match name {
            "-p" | "--package" => self.packages.push(text(name)?),
            "-F" | "--features" => {
                let list = text(name)?;
                let names = list.split([',', ' ']).filter(|feature| !feature.is_empty());
                self.features.extend(names.map(str::to_owned));
            }
            "--profile" => self.profile = Some(text(name)?),
            "--manifest-path" => self.manifest_path = Some(value(name)?.into()),
            "--target-dir" => self.target_dir = Some(value(name)?.into()),
            "--all-features" => self.all_features = true,
            "--no-default-features" => self.no_default_features = true,
            "--offline" => self.offline = true,
            "--locked" => self.locked = true,
            "--frozen" => (self.locked, self.offline) = (true, true),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Args, Error> {
        Args::parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn cargos_options_are_taken_out_wherever_they_stand() {
        for line in [
            "swarm -p shop -u 50 --demo --features=a,b",
            "-u 50 -pshop --demo -F a --features b",
            "-u 50 --package=shop --demo -Fa,b",
        ] {
            let args = parse(line).expect(line);
            assert_eq!(args.load_test, ["-u", "50", "--demo"], "{line}");
            assert_eq!(args.cargo.packages, ["shop"], "{line}");
            assert_eq!(args.cargo.features, ["a", "b"], "{line}");
        }
    }

    #[test]
    fn behind_two_dashes_all_is_the_load_tests() {
        let args = parse("--offline -- --class A -p x").expect("valid");
        assert_eq!(args.load_test, ["--class", "A", "-p", "x"]);
        assert!(args.cargo.offline && args.cargo.packages.is_empty());
    }

    #[test]
    fn what_lacks_a_value_is_told() {
        for line in ["-p", "--profile", "build", "build -o", "build -o --offline x", "-p -u 5"] {
            assert!(parse(line).is_err(), "{line}");
        }
        let build = parse("build -o x -p shop").expect("valid");
        assert_eq!(build.action, Action::Build { output: "x".into() });
    }
}
