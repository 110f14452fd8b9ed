//! Calling cargo.

use crate::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What `cargo run` sets for the program that it runs: it describes this program's own package, and would make the inner cargo build things anew.
const LEAKS: [&str; 4] =
    ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_BIN_NAME", "CARGO_CRATE_NAME"];

/// The cargo that called this program, or the one in the path.
pub(crate) fn path() -> PathBuf {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()).into()
}

/// A call of cargo.
pub(crate) fn command() -> Command {
    let mut command = Command::new(path());
    clean(&mut command);
    command
}

/// Takes away what `cargo run` has set for this program.
pub(crate) fn clean(command: &mut Command) {
    let packages = std::env::vars_os().map(|(name, _)| name);
    let leaks = packages.filter(|name| name.to_string_lossy().starts_with("CARGO_PKG_"));
    for name in leaks.chain(LEAKS.map(Into::into)) {
        command.env_remove(name);
    }
}

/// Cargo's home: `CARGO_HOME`, or `.cargo` in the user's.
pub(crate) fn home() -> Result<PathBuf, Error> {
    let given = std::env::var_os("CARGO_HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    let found = given.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    found.ok_or_else(|| Error::new("no home folder is known").help("set CARGO_HOME"))
}

/// A path as text for a manifest; one that is no UTF-8 can't stand there.
pub(crate) fn text(path: &Path) -> Result<String, Error> {
    let bad = || Error::new(format!("the path {} is not UTF-8", path.display()));
    path.to_str().map(str::to_owned).ok_or_else(bad)
}
