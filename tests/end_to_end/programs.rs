//! Programs that are not ours and that `scripts/install` brings: of Python packages, and of npm's.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The repository, or what is in it.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository").join(path)
}

/// A command of the Python that has the packages of `tests/python/requirements.txt`.
pub(crate) fn python() -> Command {
    python_program("python")
}

/// A command that one of those packages brings, such as `locust`.
pub(crate) fn python_program(name: &str) -> Command {
    Command::new(there(repository("target/python/bin").join(name)))
}

/// Node.js, running a file below `tests`.
pub(crate) fn node(script: &str) -> Command {
    // For Linux npm has the one that the packages want.
    let modules = there(repository("tests/oidc_server/node_modules"));
    let nodes = ["x64", "arm64"].map(|kind| modules.join(format!("node-linux-{kind}/bin/node")));
    let node = nodes.into_iter().find(|node| node.is_file());
    let mut command = Command::new(node.unwrap_or_else(|| "node".into()));
    command.arg(there(repository("tests").join(script)));
    command
}

fn there(path: PathBuf) -> PathBuf {
    assert!(path.exists(), "{} is not there: run scripts/install", path.display());
    path
}
