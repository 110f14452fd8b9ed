//! Thresholds of real runs: what the result, the console and the exit code say is one and the same.

use crate::load::{Ended, start_with};
use crate::server::Server;
use serde_json::{Value, json};
use std::process::Command;
use std::time::Duration;

const MS: Duration = Duration::from_millis(1);

/// Runs classes with thresholds.
fn judged(classes: &str, server: &Server, arguments: &str, thresholds: &[&str]) -> Ended {
    let more = |command: &mut Command| {
        for threshold in thresholds {
            command.args(["--threshold", threshold]);
        }
    };
    start_with(classes, &server.url(), arguments, more).wait()
}

/// Per threshold: its text, and whether it passed. That the table says the same is checked.
fn verdicts(ended: &Ended) -> Vec<(String, bool)> {
    let entries = ended.report["thresholds"].as_array().expect("a list");
    let table = ended.stdout.split("\nThresholds\n").nth(1).unwrap_or_default();
    let verdict = |entry: &Value| {
        let expression = entry["expression"].as_str().expect("a text").to_owned();
        let passed = entry["passed"].as_bool().expect("known");
        let row = table.lines().find(|line| line.contains(&format!(" {expression} ")));
        let row = row.unwrap_or_else(|| panic!("no {expression} in\n{}", ended.stdout));
        assert_eq!(row.starts_with("passed"), passed, "{row}");
        (expression, passed)
    };
    entries.iter().map(verdict).collect()
}

/// The issue's own example: Locust says 7 ms.
#[test]
fn a_target_that_freezes_fails_as_seen_from_the_schedule() {
    let server = Server::freezing(5 * MS, 3_000 * MS..5_000 * MS);
    let thresholds = [
        "p95 < 250ms, p95 < 2s",
        r#"p95("GET /") < 250ms, p95("Punctual::index") < 250ms, p95("Punctual") < 250ms"#,
        "failures < 1%",
        "p95 < 250ms over 2s",
    ];
    let ended = judged("Punctual", &server, "-u 10 -r 1000 -t 10s", &thresholds);
    assert_eq!(ended.code, Some(3), "{}", ended.stdout);
    let passed: Vec<bool> = verdicts(&ended).iter().map(|(_, passed)| *passed).collect();
    assert_eq!(passed, [false, true, false, false, false, true, false], "{}", ended.stdout);
    // 200 of 1,000 runs were due while it froze, evenly; the fiftieth of them waits 1,500 ms.
    let expected = 1_450.0..=1_650.0;
    for pointer in [
        "/tasks/0/from_schedule_ms/p95",
        "/requests/0/from_schedule_ms/p95",
        "/totals/from_schedule_ms/p95",
        "/thresholds/0/value",
        "/thresholds/2/value",
        "/thresholds/3/value",
        "/thresholds/4/value",
    ] {
        let p95 = ended.report.pointer(pointer).and_then(Value::as_f64).expect(pointer);
        assert!(expected.contains(&p95), "{pointer}: {p95}");
    }
    let first = &ended.report["thresholds"][0];
    assert_eq!((&first["expression"], &first["bound"]), (&json!("p95 < 250ms"), &json!(250.0)));
    assert!(first["failed_for_s"].as_u64() > Some(0), "{first}");
    let reasons = ended.report["outcome"]["reasons"].as_array().expect("a list");
    let reasons: Vec<&str> = reasons.iter().filter_map(Value::as_str).collect();
    assert_eq!(reasons.iter().filter(|why| why.starts_with("threshold failed: ")).count(), 5);
    let why = reasons[0];
    assert!(why.starts_with("threshold failed: p95 < 250ms: it was 1."), "{why}");
    assert!(ended.stdout.contains(&format!("failed: {why}")), "{}", ended.stdout);
    assert_eq!(ended.report["run"]["thresholds"][1], "p95 < 2s");
}

#[test]
fn a_threshold_that_says_so_ends_the_run() {
    let server = Server::start(20 * MS);
    let ended = judged("Plain", &server, "-u 2 -r 100 -t 10m", &["p50 < 1ms abort"]);
    assert_eq!(ended.code, Some(3), "{}", ended.stdout);
    assert_eq!(verdicts(&ended), [("p50 < 1ms abort".to_owned(), false)]);
    assert!(ended.number("/thresholds/0/failed_for_s") >= 10, "{}", ended.report["thresholds"]);
    let why = "`p50 < 1ms abort` failed for 10s";
    assert!(ended.stderr.contains(&format!("stopping: {why}")), "{}", ended.stderr);
    assert!(ended.stdout.contains(&format!("because {why} (exit code 3)")), "{}", ended.stdout);
}

#[test]
fn no_data_fails_and_is_warned_of() {
    let server = Server::start(MS);
    let thresholds =
        [r#"p95("GET /nope") < 1s"#, r#"rps("Plain::nope") < 1"#, r#"rps("Nope") < 1"#];
    let ended = judged("Plain", &server, "-t 1s", &thresholds);
    assert_eq!(ended.code, Some(3), "{}", ended.stdout);
    assert!(verdicts(&ended).iter().all(|(_, passed)| !passed), "{}", ended.stdout);
    for words in ["nothing was seen of `GET /nope`", "of `Plain::nope`", "of `Nope`"] {
        assert!(ended.stdout.contains(words), "{}", ended.stdout);
    }
    for words in ["no task `Plain::nope` is run", "no class `Nope` is run"] {
        assert!(ended.stderr.contains(words), "{}", ended.stderr);
    }
}

#[test]
fn failures_that_a_threshold_judges_are_left_to_it() {
    let server = Server::start(MS);
    for (class, thresholds, code) in [
        ("LockedOut", &["p95 < 1h"][..], 3),
        ("LockedOut", &["rps < 1000000"], 1),
        ("LockedOut", &["failures <= 100%"], 0),
        ("LockedOut", &[r#"failures("GET /login") <= 100%"#], 0),
        ("LockedOut", &[r#"failures("GET /") <= 100%"#], 3),
        ("LockedOut", &["failures < 1%"], 3),
        ("Clumsy", &["failures <= 100%"], 1),
        ("Clumsy", &[r#"failures("Clumsy") <= 100%"#], 0),
        ("Clumsy", &[r#"failures("Clumsy::fails") <= 100%"#], 1),
        (
            "Clumsy",
            &[r#"failures("Clumsy::fails") <= 100%, failures("Clumsy::panics") <= 100%"#],
            0,
        ),
    ] {
        let ended = judged(class, &server, "-u 10 -r 100 -t 1s", thresholds);
        assert_eq!(ended.code, Some(code), "{thresholds:?} {}", ended.stdout);
        assert_eq!(verdicts(&ended).iter().all(|(_, passed)| *passed), code != 3);
        assert_eq!(ended.report["outcome"]["exit_code"], code);
    }
}
