//! Whether a measurement is trusted.

use crate::{alone, run};
use serde_json::Value;
use std::process::{Child, Command, Stdio};

/// Runs users against the demo site. Returns the exit code and the outcome.
fn demo(before: &[&str], arguments: &str) -> (Option<i32>, Value) {
    let (code, report) = run(before, &format!("--demo {arguments}"));
    (code, report["outcome"].clone())
}

fn first_reason(outcome: &Value) -> &str {
    outcome["health"]["reasons"][0].as_str().unwrap_or_default()
}

#[test]
fn a_task_that_sleeps_on_its_thread_is_named() {
    let _alone = alone();
    let (code, outcome) = demo(&[], "Dozing Punctual -u 4 -r 1000 -t 6s");
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
    let _alone = alone();
    let _hogs = Hogs::on_first_core(3);
    let before = ["taskset", "-c", "0", "nice", "-n", "19"];
    let (code, outcome) = demo(&before, "Punctual -u 10 -r 1000 -t 6s");
    assert_eq!((code, &outcome["validity"]), (Some(4), &Value::from("invalid")), "{outcome:#}");
    let reason = first_reason(&outcome);
    assert!(reason.starts_with("the generator was late by up to "), "{reason}");
}

#[test]
fn healthy_runs_are_trusted() {
    let _alone = alone();
    let mut doubted = Vec::new();
    for _ in 0..20 {
        let (code, outcome) = demo(&[], "Punctual -u 20 -r 1000 -t 4s");
        assert_ne!(code, Some(4), "{outcome:#}");
        assert_ne!(outcome["validity"], "invalid", "{outcome:#}");
        if outcome["validity"] != "valid" {
            doubted.push(outcome);
        }
    }
    assert!(doubted.len() <= 1, "{doubted:#?}");
}
