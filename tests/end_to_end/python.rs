//! Python packages that are not ours: what reads or writes the same formats as swarm does.

use std::path::Path;
use std::process::Command;

/// A command of the Python that has the packages of `tests/python/requirements.txt`.
pub(crate) fn python() -> Command {
    program("python")
}

/// A command that one of those packages brings, such as `locust`.
pub(crate) fn program(name: &str) -> Command {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository");
    let program = root.join("target/python/bin").join(name);
    assert!(program.is_file(), "{} is not there: run scripts/install", program.display());
    Command::new(program)
}
