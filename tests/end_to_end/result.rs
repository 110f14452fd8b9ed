//! The result, as people and as programs read it.

use crate::load::{Ended, load_test, run, start};
use crate::server::Server;
use serde_json::Value;
use std::time::Duration;
use swarm_core::report::Report;

/// A run in which everything happens that a result can tell of: failures, exceptions, due times, what was cut off.
fn eventful() -> Ended {
    let server = Server::start(Duration::from_millis(5));
    let ended = run("Plain,LockedOut,Clumsy,Metered", &server, "-u 8 -r 100 -t 2s -s 0");
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    ended
}

#[test]
fn it_is_what_its_schema_says_and_survives_a_round_trip() {
    let ended = eventful();
    let lists = ["requests", "tasks", "classes", "failures", "slowest", "exceptions", "history"];
    for list in lists.into_iter().chain(["metrics"]) {
        let rows = ended.report[list].as_array().expect("a list");
        assert!(!rows.is_empty(), "no {list}: nothing would be checked");
    }
    let schema = include_str!("../../swarm-core/schema/report.schema.json");
    let schema: Value = serde_json::from_str(schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let wrong: Vec<String> =
        validator.iter_errors(&ended.report).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    let mut broken = ended.report.clone();
    broken["totals"]["requests"] = Value::from("many");
    assert!(!validator.is_valid(&broken), "the schema accepts anything");
    let mut broken = ended.report.clone();
    broken["metrics"][0]["type"] = Value::from("guess");
    assert!(!validator.is_valid(&broken), "the schema accepts any metric");

    let report: Report = serde_json::from_value(ended.report.clone()).expect("a report");
    assert_eq!(serde_json::to_value(&report).expect("JSON"), ended.report);
}

#[test]
fn its_parts_agree_with_each_other() {
    let ended = eventful();
    let sum = |list: &str, field: &str| -> u64 {
        let rows = ended.report[list].as_array().expect("a list");
        rows.iter().map(|row| row[field].as_u64().expect("a number")).sum()
    };
    let totals = |field: &str| ended.number(&format!("/totals/{field}"));
    assert_eq!(sum("requests", "requests"), totals("requests"));
    assert_eq!(sum("requests", "failures"), totals("failures"));
    assert_eq!(sum("failures", "occurrences"), totals("failures"));
    assert_eq!(sum("classes", "peak_users"), 8);
    let failure = &ended.report["failures"][0];
    assert_eq!(failure["example"]["status"], 404, "{failure}");
    let slowest: Vec<f64> = ended.report["slowest"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|example| example["response_time_ms"].as_f64().expect("a number"))
        .collect();
    assert!(slowest.len() == 10 && slowest.is_sorted_by(|one, next| one >= next), "{slowest:?}");
    let statuses = ended.report["totals"]["status"].as_object().expect("counts");
    let statuses: u64 = statuses.values().map(|count| count.as_u64().expect("a number")).sum();
    assert_eq!(statuses, totals("requests"), "every request was answered");
    let history = ended.report["history"].as_array().expect("a list");
    let of_history: f64 = history.iter().map(|point| point["rps"].as_f64().expect("a rate")).sum();
    // Each point is a second but for the last, whose rate is over the part of a second that it is.
    assert!(of_history >= totals("requests") as f64 * 0.9, "{of_history} {}", totals("requests"));
    let metered = ended.report["tasks"].as_array().expect("a list");
    let metered = metered.iter().find(|task| task["class"] == "Metered").expect("it ran");
    assert!(metered["from_schedule_ms"]["p95"].is_f64(), "{metered}");
    let plain = ended.report["requests"].as_array().expect("a list");
    assert!(plain.iter().any(|row| row["from_schedule_ms"].is_object()), "charged to requests too");
}

#[test]
fn with_json_standard_output_carries_nothing_else() {
    let server = Server::start(Duration::ZERO);
    let ended = run("Metered", &server, "-u 2 -r 100 -t 1s --json");
    let printed: Value = serde_json::from_str(&ended.stdout).expect("one object");
    assert_eq!(printed, ended.report, "the same as in the file");
    assert!(ended.stderr.contains("Aggregated"), "the tables are on standard error");
}

#[test]
fn progress_goes_to_standard_error_and_can_be_left_out() {
    let server = Server::start(Duration::ZERO);
    let ended = run("Metered", &server, "-u 2 -r 100 -t 2s --seed 5");
    assert!(ended.stderr.contains("seed 5\n"), "{}", ended.stderr);
    assert!(ended.stderr.contains("[1s of 2s] "), "{}", ended.stderr);
    assert!(ended.stderr.contains("all 2 users are running"), "{}", ended.stderr);
    assert!(!ended.stderr.contains('\u{1b}'), "no colours and no cursor in a pipe");
    assert!(!ended.stdout.contains("of 2s]"), "{}", ended.stdout);
    assert!(ended.stdout.trim_end().ends_with("(exit code 0)"), "{}", ended.stdout);

    let ended = run("Metered", &server, "-u 2 -r 100 -t 1s --only-summary");
    assert_eq!(ended.stderr, "");
}

#[test]
fn each_request_has_a_line_in_the_log() {
    let server = Server::start(Duration::from_millis(5));
    let ended = run("Plain,LockedOut", &server, "-u 6 -r 100 -t 2s -s 0 --request-log log.jsonl");
    let log = ended.file("log.jsonl");
    let lines: Vec<Value> =
        log.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    let with = |result: &str| lines.iter().filter(|line| line["result"] == result).count() as u64;
    let totals = |field: &str| ended.number(&format!("/totals/{field}"));
    assert_eq!(with("failed"), totals("failures"));
    assert_eq!(with("ok"), totals("requests") - totals("failures"));
    assert_eq!(with("interrupted"), totals("interrupted"));
    let failed = lines.iter().find(|line| line["result"] == "failed").expect("a failure");
    assert_eq!(
        (&failed["class"], &failed["error"]),
        (&"LockedOut".into(), &"404 Not Found".into())
    );
    assert_eq!((&failed["status"], &failed["name"]), (&404.into(), &"/login".into()));
    let users: std::collections::BTreeSet<u64> =
        lines.iter().map(|line| line["user"].as_u64().expect("a number")).collect();
    assert_eq!(users.len(), 6, "each user by its number");

    let wrong = start("Plain", &server.url(), "-t 1s --request-log /nowhere/log.jsonl").wait();
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.stderr.contains("can't write /nowhere/log.jsonl"), "{}", wrong.stderr);
}

#[test]
fn the_exit_code_for_failures_can_be_chosen() {
    let server = Server::start(Duration::ZERO);
    for (code, verdict) in [(0, "passed: "), (42, "failed: ")] {
        let arguments = format!("-u 1 -t 900ms --exit-code-on-error {code}");
        let ended = run("LockedOut", &server, &arguments);
        assert_eq!(ended.code, Some(code), "{}", ended.stderr);
        assert!(ended.stdout.contains(verdict), "{}", ended.stdout);
        assert!(ended.stdout.contains("1 of 1 request failed"), "{}", ended.stdout);
    }
}

#[test]
fn wrong_usage_is_told_before_any_load() {
    let server = Server::start(Duration::ZERO);
    let url = server.url();
    for (arguments, parts) in [
        ("--headless", &["no host for Plain", "--host", "--demo"][..]),
        ("--headless --class Plan -H x", &["no user class `Plan`", "did you mean `Plain`?"]),
        ("--headless Plain --hots x", &["unexpected argument '--hots'", "'--host'"]),
        ("--headless Plain -H x -u -5", &["unexpected argument '-5'"]),
        ("--headless Plain -H x -r 0", &["'0' for '--spawn-rate <RATE>'", "positive number"]),
        ("--headless Plain -H x -t 5sec", &["`5sec` is no duration", "`1h20m`"]),
        ("--headless Plain -H x --json-file /", &["can't write /"]),
        ("--headless Plain -H x --demo", &["--demo brings its own target"]),
        ("--headless Plain -H localhost:80 -t 1s", &["`localhost:80`", "http://"]),
    ] {
        let arguments = arguments.replace("-H x", &format!("-H {url}"));
        let output = load_test().args(arguments.split_whitespace()).output().expect("built");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments}: {stderr}");
        assert!(output.stdout.is_empty(), "{arguments}");
        for part in parts {
            assert!(stderr.contains(part), "{arguments}: no {part} in\n{stderr}");
        }
    }
    assert_eq!(server.received(), 0);
}

#[test]
fn environment_and_files_are_read_where_it_runs() {
    let server = Server::start(Duration::ZERO);
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join(".env"), "SWARM_USERS=2\n").expect("writable");
    let file =
        format!("host = \"{}\"\nusers = 9\nrun-time = \"1s\"\nheadless = true\n", server.url());
    std::fs::write(folder.path().join("swarm.toml"), file).expect("writable");
    let mut command = load_test();
    command.current_dir(folder.path()).args(["--json", "Metered"]).env("SWARM_SEED", "77");
    let output = command.output().expect("built");
    let report: Value = serde_json::from_slice(&output.stdout).expect("one object");
    assert_eq!(report["run"]["load"]["users"], 2);
    assert_eq!((&report["run"]["seed"], &report["run"]["run_time_s"]), (&77.into(), &1.0.into()));
}

#[test]
fn a_class_that_can_not_start_ends_the_run_and_is_named() {
    let server = Server::start(Duration::ZERO);
    // Without a run time: it ends by itself.
    let ended = start("LockedOut", &server.url(), "-u 2 -r 100").wait();
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    let reasons = ended.report["outcome"]["reasons"].as_array().expect("a list");
    assert_eq!(reasons[0], "no user of LockedOut could start: 404 Not Found");
}
