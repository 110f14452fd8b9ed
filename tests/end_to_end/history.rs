//! Finished runs are kept in a folder, listed, and compared by their names.

use crate::load::{Ended, load_test, run, start_with};
use crate::secrets::{PASSWORD, PIN, search};
use crate::server::Server;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;
use tempfile::TempDir;

/// A folder of its own, with what is kept in it.
struct Runs(TempDir);

impl Runs {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Runs once, and keeps it.
    fn keep(&self, server: &Server, arguments: &str) -> Ended {
        let history = |command: &mut Command| {
            command.env("SWARM_HISTORY", self.path());
        };
        start_with("Metered", &server.url(), arguments, history).wait()
    }

    /// A command that needs no classes.
    fn ask(&self, words: &[&str]) -> Output {
        let mut command = load_test();
        command.args(words).arg("--history").arg(self.path()).output().expect("built")
    }

    /// What is kept, the newest first.
    fn list(&self) -> Vec<Value> {
        let listed = self.ask(&["runs", "--format", "json"]);
        assert_eq!(listed.status.code(), Some(0));
        serde_json::from_slice(&listed.stdout).expect("a list")
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn runs_are_kept_pushed_out_and_compared_by_their_names() {
    let server = Server::start(Duration::ZERO);
    let runs = Runs::new();
    let first = runs.keep(&server, "-u 8 -r 100 -t 2s --run-name before --keep-runs 3");
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    assert!(first.stderr.contains("kept as 20"), "{}", first.stderr);
    assert!(first.stdout.contains("\nrun: before\npassed: "), "{}", first.stdout);
    let last = |number| {
        let ended = runs.keep(&server, &format!("-u 8 -r 100 -t 2s --keep-runs 3 --seed {number}"));
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        ended
    };
    let others: Vec<Ended> = (1..=3).map(last).collect();
    let kept = runs.list();
    let seen: Vec<&Value> = kept.iter().map(|run| &run["run"]["name"]).collect();
    assert_eq!(seen, [&Value::Null, &Value::Null, &Value::from("before")], "the first has a name");
    assert_eq!(kept[0]["run"]["requests"], others[2].report["totals"]["requests"]);
    assert_eq!(fs::read_dir(runs.path()).expect("there").count(), 3, "no file is left over");

    let table = text(&runs.ask(&["runs"]).stdout);
    let line = table.lines().last().expect("a row");
    for part in
        [kept[2]["id"].as_str().expect("a text"), "before", &server.url(), "passed", "0(0.00%)"]
    {
        assert!(line.contains(part), "no {part} in {table}");
    }
    let id = kept[0]["id"].as_str().expect("a text");
    let by_name = runs.ask(&["compare", "before", "last", "--format", "json"]);
    let by_id = runs.ask(&["compare", "last~2", id, "--format", "json"]);
    assert!(by_name.status.code() < Some(4), "{}", text(&by_name.stderr));
    assert_eq!(text(&by_name.stdout), text(&by_id.stdout));
    let [before, after] = [&first, &others[2]].map(|ended| ended.folder().join("result.json"));
    let by_file =
        load_test().arg("compare").args([before, after]).args(["--format", "json"]).output();
    assert_eq!(
        text(&by_file.expect("built").stdout),
        text(&by_name.stdout),
        "the same as the files"
    );
    let none = runs.ask(&["compare", "before", "nobody"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(text(&none.stderr).contains("can't read nobody"), "{}", text(&none.stderr));
}

#[test]
fn a_run_that_is_interrupted_or_repeated_is_kept_too_and_secrets_are_not() {
    let server = Server::start(Duration::ZERO);
    let runs = Runs::new();
    let repeated = runs.keep(&server, "-u 1 -r 100 -t 1s --repeat 2 --run-name twice");
    assert_eq!(repeated.code, Some(0), "{}", repeated.stderr);
    assert_eq!(runs.list().len(), 2);
    let mut load = start_with("Indiscreet", &server.url(), "-u 1 -t 10m", |command| {
        command.env("SWARM_HISTORY", runs.path()).env("INDISCREET_PASSWORD", PASSWORD);
        command
            .args(["--pin", PIN])
            .arg(format!("--run-name=with {PASSWORD}"))
            .args(["--notes", PASSWORD]);
    });
    load.wait_for_line("all 1 users are running");
    load.signal("INT");
    let ended = load.wait();
    search("the console", &(ended.stdout + &ended.stderr));
    let run = &runs.list()[0]["run"];
    assert_eq!((&run["name"], &run["notes"]), (&Value::from("with ***"), &Value::from("***")));
}

#[test]
fn a_program_that_is_started_by_itself_keeps_nothing_unless_it_is_asked_to() {
    let server = Server::start(Duration::ZERO);
    let ended = run("Plain", &server, "-u 1 -t 1s");
    assert_eq!((ended.code, ended.stderr.contains("kept")), (Some(0), false), "{}", ended.stderr);
    let files = fs::read_dir(ended.folder()).expect("there").flatten();
    let names: Vec<_> = files.map(|file| file.file_name()).collect();
    assert_eq!(names, ["result.json"]);
    let none = Runs::new();
    none.keep(&server, "-u 1 -t 1s --keep-runs 0");
    assert_eq!(none.list(), [] as [Value; 0]);
    // A place where no folder can be.
    let mut unwritable = start_with("Plain", &server.url(), "-u 1 -t 1s", |command| {
        command.args(["--history", "/dev/null/runs"]);
    });
    unwritable.wait_for_line("warning: the run is not kept in /dev/null/runs: ");
    assert_eq!(unwritable.wait().code, Some(0), "it is no reason to fail");
}
