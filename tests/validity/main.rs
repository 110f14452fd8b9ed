//! Whether a measurement is trusted: real runs on a machine that is theirs alone, one after the other.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use serde_json::Value;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};

/// Held by the test that runs.
static MACHINE: Mutex<()> = Mutex::new(());

/// Runs users of the load test against the demo site, as these words begin the command line. Returns the exit code and the outcome.
fn run(before: &[&str], arguments: &str) -> (Option<i32>, Value) {
    let words: Vec<&str> =
        before.iter().copied().chain([env!("CARGO_BIN_EXE_load-test")]).collect();
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).args(["--headless", "--demo", "--json"]);
    command.args(arguments.split_whitespace());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("SWARM_") {
            command.env_remove(name);
        }
    }
    let output = command.output().expect("it starts");
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code(), report["outcome"].clone())
}

fn first_reason(outcome: &Value) -> &str {
    outcome["health"]["reasons"][0].as_str().unwrap_or_default()
}

#[test]
fn a_task_that_sleeps_on_its_thread_is_named() {
    let _alone = MACHINE.lock().unwrap_or_else(PoisonError::into_inner);
    let (code, outcome) = run(&[], "Dozing Punctual -u 4 -r 1000 -t 6s");
    assert_eq!((code, &outcome["validity"]), (Some(4), &Value::from("invalid")), "{outcome:#}");
    let reason = first_reason(&outcome);
    assert!(reason.contains("; Dozing::doze kept its thread for up to "), "{reason}");
    let health = &outcome["health"];
    let blocking = health["blocking"].as_array().expect("a list");
    assert!(blocking.iter().all(|task| task["class"] == "Dozing"), "{health:#}");
    assert!(blocking[0]["longest_ms"].as_f64() > Some(100.0), "{health:#}");
    assert!(health["lag_ms"].as_f64() > Some(100.0), "{health:#}");
}

/// Programs that take all of a core that they get; ended when dropped.
struct Hogs(Vec<Child>);

impl Hogs {
    fn on_first_core(count: usize) -> Self {
        let hog = |_| {
            let mut command = Command::new("taskset");
            // The limit is for the case that this test is ended from outside.
            command.args(["-c", "0", "timeout", "60", "sh", "-c", "while :; do :; done"]);
            command.stdout(Stdio::null()).spawn().expect("taskset is there")
        };
        Self((0..count).map(hog).collect())
    }
}

impl Drop for Hogs {
    fn drop(&mut self) {
        for hog in &mut self.0 {
            // By its id; `timeout` passes it on to what it started.
            let _ = Command::new("kill").arg(hog.id().to_string()).status();
            let _ = hog.wait();
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_starved_core_is_found() {
    let _alone = MACHINE.lock().unwrap_or_else(PoisonError::into_inner);
    let _hogs = Hogs::on_first_core(3);
    let before = ["taskset", "-c", "0", "nice", "-n", "19"];
    let (code, outcome) = run(&before, "Punctual -u 10 -r 1000 -t 6s");
    assert_eq!((code, &outcome["validity"]), (Some(4), &Value::from("invalid")), "{outcome:#}");
    let reason = first_reason(&outcome);
    assert!(reason.starts_with("the generator was late by up to "), "{reason}");
}

#[test]
fn healthy_runs_are_trusted() {
    let _alone = MACHINE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut doubted = Vec::new();
    for _ in 0..20 {
        let (code, outcome) = run(&[], "Punctual -u 20 -r 1000 -t 4s");
        assert_ne!(code, Some(4), "{outcome:#}");
        assert_ne!(outcome["validity"], "invalid", "{outcome:#}");
        if outcome["validity"] != "valid" {
            doubted.push(outcome);
        }
    }
    assert!(doubted.len() <= 1, "{doubted:#?}");
}
