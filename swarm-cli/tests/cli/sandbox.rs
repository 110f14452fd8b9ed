//! Folders with crates in them, and `cargo swarm` run there.
//!
//! Most tests are about finding, building and starting, so their swarm-core and swarm-runner are stand-ins of a few lines, which build in a second. The
//! stand-in of the runner says how it was started.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const RUNNER: &str = r#"
use std::os::unix::ffi::OsStrExt as _;

pub fn main() -> std::process::ExitCode {
    let arguments: Vec<String> =
        std::env::args_os().skip(1).map(|it| it.as_bytes().escape_ascii().to_string()).collect();
    println!("arguments: {}", arguments.join("|"));
    println!("folder: {}", std::env::current_dir().unwrap().display());
    for name in ["SWARM_PACKAGES", "SWARM_PACKAGE_DIR", "SWARM_RUNS_DIR", "CARGO_PKG_NAME"] {
        println!("{name}: {}", std::env::var(name).unwrap_or_default());
    }
    let code = std::env::var("STAND_IN_EXIT").map_or(0, |code| code.parse().unwrap());
    std::process::ExitCode::from(code)
}
"#;

/// A folder of its own for each test.
pub(crate) struct Sandbox {
    folder: TempDir,
}

/// How a call ended.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Sandbox {
    /// An empty folder beside the stand-ins.
    pub(crate) fn new() -> Self {
        let sandbox = Self { folder: tempfile::tempdir().expect("a folder") };
        for (name, code) in [("swarm-core", ""), ("swarm-runner", RUNNER)] {
            sandbox.package(&format!("stand-ins/{name}"), name, "", code);
        }
        sandbox
    }

    /// Its path, without links.
    pub(crate) fn root(&self) -> PathBuf {
        fs::canonicalize(self.folder.path()).expect("it exists")
    }

    /// Writes a file.
    pub(crate) fn file(&self, path: &str, text: &str) {
        write(&self.root().join(path), text);
    }

    /// Writes a library package; `more` goes to the end of its manifest.
    pub(crate) fn package(&self, path: &str, name: &str, more: &str, code: &str) {
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{more}"
        );
        self.file(&format!("{path}/Cargo.toml"), &manifest);
        self.file(&format!("{path}/src/lib.rs"), code);
    }

    /// The dependency on the stand-in of swarm-core, as a section of a manifest.
    pub(crate) fn core(&self) -> String {
        self.dependencies(&["swarm-core"])
    }

    /// The dependencies on these stand-ins.
    pub(crate) fn dependencies(&self, names: &[&str]) -> String {
        let line = |name: &&str| {
            let path = self.root().join("stand-ins").join(name);
            format!("{name} = {{ path = \"{}\" }}\n", path.display())
        };
        format!("[dependencies]\n{}", names.iter().map(line).collect::<String>())
    }

    /// A package that depends on swarm-core.
    pub(crate) fn users(&self, path: &str, name: &str) {
        self.package(path, name, &self.core(), "");
    }

    /// `cargo-swarm`, to be called in a folder.
    pub(crate) fn command(&self, folder: &str) -> Command {
        command(&self.root().join(folder))
    }

    /// Calls it with these words.
    pub(crate) fn swarm(&self, folder: &str, words: &str) -> Ended {
        end(self.command(folder).args(words.split_whitespace()))
    }
}

/// `cargo-swarm`, to be called in a folder, as from a shell: without what cargo has set for this test.
pub(crate) fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-swarm"));
    let leaks = std::env::vars_os().map(|(name, _)| name).filter(|name| {
        let name = name.to_string_lossy();
        name.starts_with("CARGO") && name != "CARGO_HOME" || name.starts_with("SWARM")
    });
    for name in leaks {
        command.env_remove(name);
    }
    // How late a generator is while other tests run beside it is not their matter.
    command.env("SWARM_VALIDITY", "suspect=1000%,invalid=1000%");
    command.current_dir(folder).stdin(Stdio::null());
    command
}

/// Writes a file and the folders that it needs.
pub(crate) fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
    fs::write(path, text).expect("writable");
}

/// Runs a command to its end.
pub(crate) fn end(command: &mut Command) -> Ended {
    ended(command.output().expect("built"))
}

/// What an ended process left.
pub(crate) fn ended(output: Output) -> Ended {
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Ended { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

impl Ended {
    /// What the stand-in said of this.
    pub(crate) fn said(&self, name: &str) -> &str {
        let mut lines = self.stdout.lines();
        let line = lines.find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("no {name} in\n{}\n{}", self.stdout, self.stderr))
    }

    /// Checks that it failed before a load test started, and that the message has these parts.
    pub(crate) fn refused(&self, parts: &[impl AsRef<OsStr>]) {
        assert_eq!((self.code, self.stdout.as_str()), (Some(2), ""), "{}", self.stderr);
        for part in parts {
            let part = part.as_ref().to_string_lossy();
            assert!(self.stderr.contains(&*part), "no {part} in\n{}", self.stderr);
        }
    }
}
