//! `cargo swarm`: finds, builds and starts a load test.
//!
//! It knows cargo and processes, and nothing of what a load test is: a user crate is a library, so a small program around it (the *runner*, which calls
//! `swarm_runner::main`) is written below the target folder, built with the user's own settings, and started in this process's place.

mod error;
mod args;
mod cargo;
mod locate;
mod manifest;
mod runner;
mod start;
mod complete;

use args::{Action, Args};
use error::Error;
use std::io::{Write as _, stderr, stdout};
use std::process::ExitCode;

/// Exit code for all that goes wrong before the load test starts; the load test's own codes begin elsewhere.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    match Args::parse(std::env::args_os().skip(1)).and_then(|args| run(&args)) {
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(stderr(), "{error}");
            ExitCode::from(USAGE)
        }
    }
}

fn run(args: &Args) -> Result<ExitCode, Error> {
    match &args.action {
        Action::Version => print(concat!("cargo-swarm ", env!("CARGO_PKG_VERSION"), "\n")),
        Action::Completions { shell } => print(complete::script(shell)?),
        Action::Complete { words } => complete::complete(words),
        Action::Help | Action::Run
            if args.needs_no_classes() && locate::packages(&args.cargo).is_err() =>
        {
            let program = runner::build_without_classes(&args.cargo)?;
            start::start(&program, None, &args.load_test)
        }
        Action::Help if locate::packages(&args.cargo).is_err() => print(args::HELP),
        Action::Help | Action::Run => {
            let packages = locate::packages(&args.cargo)?;
            let program = runner::build(&packages, &args.cargo)?;
            start::start(&program, Some((&packages, &args.cargo)), &args.load_test)
        }
        Action::Build { output } => {
            let packages = locate::packages(&args.cargo)?;
            let program = runner::build(&packages, &args.cargo)?;
            std::fs::copy(&program, output).map_err(|error| {
                Error::new(format!("can't write {}: {error}", output.display()))
            })?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn print(text: &str) -> Result<ExitCode, Error> {
    // A reader that has gone away is no error.
    let _ = stdout().write_all(text.as_bytes());
    Ok(ExitCode::SUCCESS)
}
