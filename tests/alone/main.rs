//! Real runs on a machine that is theirs alone, one after the other: whether measurements are trusted, and where the limit of a service is.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod capacity;
mod permits;
mod validity;

use serde_json::Value;
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Waits until no other test runs.
fn alone() -> MutexGuard<'static, ()> {
    static MACHINE: Mutex<()> = Mutex::new(());
    MACHINE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs the load test; these words begin the command line. Returns the exit code and the result.
fn run(before: &[&str], arguments: &str) -> (Option<i32>, Value) {
    let words: Vec<&str> =
        before.iter().copied().chain([env!("CARGO_BIN_EXE_load-test")]).collect();
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).args(["--headless", "--json"]);
    command.args(arguments.split_whitespace());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("SWARM_") {
            command.env_remove(name);
        }
    }
    let output = command.output().expect("it starts");
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code(), report)
}
