//! Running the load test of this package as a process.

use crate::server::Server;
use serde_json::Value;
use std::ffi::OsStr;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// A load test that runs.
pub(crate) struct Load {
    child: Child,
    folder: TempDir,
}

/// What it left.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    folder: TempDir,
    /// The result, if it was written.
    pub(crate) report: Value,
}

/// Starts the classes (a comma list) against a host, headless, with these further arguments.
pub(crate) fn start(classes: &str, host: &str, arguments: &str) -> Load {
    start_with(classes, host, arguments, |_| ())
}

/// The same, with more than words.
pub(crate) fn start_with(
    classes: &str,
    host: &str,
    arguments: &str,
    more: impl FnOnce(&mut Command),
) -> Load {
    let mut command = load_test();
    more(&mut command);
    start_program(command, classes, host, arguments)
}

/// The same of any program.
pub(crate) fn start_program(command: Command, classes: &str, host: &str, arguments: &str) -> Load {
    start_as(command, tempfile::tempdir().expect("a folder"), classes, host, arguments)
}

/// As [`start`], in a folder that has files.
pub(crate) fn start_in(folder: TempDir, classes: &str, host: &str, arguments: &str) -> Load {
    start_as(load_test(), folder, classes, host, arguments)
}

fn start_as(
    mut command: Command,
    folder: TempDir,
    classes: &str,
    host: &str,
    arguments: &str,
) -> Load {
    command
        .args(["--headless", "--class", classes, "--host", host])
        .args(["--json-file", "result.json"])
        .args(arguments.split_whitespace());
    spawn(command, folder)
}

/// Starts a trial of a class against a host.
pub(crate) fn start_trial(class: &str, host: &str) -> Load {
    let mut command = load_test();
    command.args(["try", class, "--host", host]);
    spawn(command, tempfile::tempdir().expect("a folder"))
}

/// Starts the program with its web page, on a free port if nothing else is said.
pub(crate) fn start_page(mut command: Command, arguments: &str) -> Load {
    command.env("SWARM_WEB_PORT", "0").args(arguments.split_whitespace());
    spawn(command, tempfile::tempdir().expect("a folder"))
}

fn spawn(mut command: Command, folder: TempDir) -> Load {
    let child = command
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("built");
    Load { child, folder }
}

/// The program, without what the environment of the tests may say to it.
pub(crate) fn load_test() -> Command {
    tested(env!("CARGO_BIN_EXE_load-test"))
}

/// Any other. How late the generator is while other tests run beside it is not their matter.
pub(crate) fn tested(path: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(path);
    let ours = std::env::vars_os().map(|(name, _)| name);
    for name in ours.filter(|name| name.to_string_lossy().starts_with("SWARM_")) {
        command.env_remove(name);
    }
    command.env("SWARM_VALIDITY", "suspect=1000%,invalid=1000%");
    command
}

/// Starts and waits.
pub(crate) fn run(classes: &str, server: &Server, arguments: &str) -> Ended {
    start(classes, &server.url(), arguments).wait()
}

impl Load {
    /// Sends a signal, by name.
    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args([&format!("-{name}"), &pid]).status();
        assert!(sent.expect("kill exists").success(), "no process {pid}");
    }

    /// Waits until a line of standard error has these words.
    pub(crate) fn wait_for_line(&mut self, words: &str) {
        let mut heard = String::new();
        while !heard.contains(words) {
            heard.push(self.heard().unwrap_or_else(|| panic!("no {words} in {heard}")));
        }
    }

    /// What stands on the rest of the line of standard error.
    pub(crate) fn rest_of_line(&mut self) -> String {
        std::iter::from_fn(|| self.heard().filter(|letter| *letter != '\n')).collect()
    }

    /// The next character of standard error.
    fn heard(&mut self) -> Option<char> {
        let stderr = self.child.stderr.as_mut().expect("piped");
        let mut byte = [0];
        (stderr.read(&mut byte).expect("open") > 0).then(|| char::from(byte[0]))
    }

    /// Waits for the end.
    pub(crate) fn wait(self) -> Ended {
        let output = self.child.wait_with_output().expect("runs");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        let json = std::fs::read(self.folder.path().join("result.json")).unwrap_or_default();
        Ended {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
            folder: self.folder,
            report: serde_json::from_slice(&json).unwrap_or_default(),
        }
    }
}

impl Ended {
    /// A file that it wrote.
    pub(crate) fn file(&self, name: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The folder that it ran in.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A number in the result, by its path: `/totals/requests`.
    pub(crate) fn number(&self, pointer: &str) -> u64 {
        self.report
            .pointer(pointer)
            .and_then(Value::as_u64)
            .unwrap_or_else(|| panic!("no number at {pointer} in {:#}", self.report))
    }

    /// A text in the result, by its path.
    pub(crate) fn text(&self, pointer: &str) -> &str {
        let text = self.report.pointer(pointer).and_then(Value::as_str);
        text.unwrap_or_else(|| panic!("no text at {pointer} in {:#}", self.report))
    }

    /// The lines of standard output, by their words.
    pub(crate) fn table_row(&self, begins: &str) -> Vec<String> {
        let row = self.stdout.lines().find(|line| line.trim_start().starts_with(begins));
        let row = row.unwrap_or_else(|| panic!("no row {begins} in\n{}", self.stdout));
        row.split_whitespace().map(|word| word.replace(',', "")).collect()
    }
}
