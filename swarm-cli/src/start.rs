//! Starting the load test.

use crate::args::CargoArgs;
use crate::cargo;
use crate::error::Error;
use crate::locate::Packages;
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode};

/// Starts the program in the user's folder. It takes this process's place where the system allows that, so that Ctrl-C and SIGTERM reach it once and its
/// exit code is this one's.
pub(crate) fn start(
    program: &Path,
    packages: Option<(&Packages, &CargoArgs)>,
    arguments: &[OsString],
) -> Result<ExitCode, Error> {
    replace(command(program, packages, arguments))
        .map_err(|error| Error::new(format!("can't start {}: {error}", program.display())))
}

/// The program as it is started.
pub(crate) fn command(
    program: &Path,
    packages: Option<(&Packages, &CargoArgs)>,
    arguments: &[OsString],
) -> Command {
    let mut command = Command::new(program);
    cargo::clean(&mut command);
    command.args(arguments);
    let Some((packages, args)) = packages else { return command };
    // Where runs are kept, if nothing else is said.
    command.env("SWARM_RUNS_DIR", packages.target_directory(args).join("swarm-runs"));
    let names: Vec<&str> = packages.selected.iter().map(|package| package.name.as_str()).collect();
    command.env("SWARM_PACKAGES", names.join(","));
    if let Some(folder) = packages.selected.first().and_then(|first| first.manifest_path.parent()) {
        command.env("SWARM_PACKAGE_DIR", folder);
    }
    command
}

/// Puts it in this process's place, where the system allows that.
#[cfg(unix)]
pub(crate) fn replace(mut command: Command) -> std::io::Result<ExitCode> {
    use std::os::unix::process::CommandExt as _;
    // Returns only when it fails.
    Err(command.exec())
}

#[cfg(not(unix))]
pub(crate) fn replace(mut command: Command) -> std::io::Result<ExitCode> {
    let status = command.status()?;
    Ok(status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from))
}
