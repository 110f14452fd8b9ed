//! Options that change who runs what, and what is left of it.

use crate::load::{Ended, load_test, run};
use crate::server::Server;
use serde_json::Value;
use std::time::Duration;

/// Tasks that ran, with how often.
fn tasks(ended: &Ended) -> Vec<(String, u64)> {
    let rows = ended.report["tasks"].as_array().expect("a list");
    let text = |row: &Value| row["task"].as_str().expect("a text").to_owned();
    rows.iter().map(|row| (text(row), row["runs"].as_u64().expect("a number"))).collect()
}

#[test]
fn tags_choose_the_tasks_that_run() {
    let server = Server::start(Duration::ZERO);
    for (arguments, expected) in [
        ("--tags working", &["works"][..]),
        ("-T working,failing", &["fails", "works"]),
        ("-T working,failing -E failing", &["works"]),
    ] {
        let ended = run("Clumsy", &server, &format!("-u 3 -r 100 -t 1s {arguments}"));
        let names: Vec<String> = tasks(&ended).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, expected, "{arguments}: {}", ended.stderr);
        assert_eq!(ended.report["run"]["task_filter"]["tags"][0], "working");
    }
    let ended = run("Clumsy,Metered", &server, "-u 2 -r 100 -t 1s -T working --only-summary");
    assert!(ended.stderr.contains("Metered is left out"), "{}", ended.stderr);
    assert_eq!(ended.number("/classes/0/peak_users"), 2);
}

#[test]
fn users_can_be_given_class_by_class() {
    let server = Server::start(Duration::ZERO);
    let arguments = "-u 10 -r 1000 -t 1s --users-of Metered=3 --weight-of Plain=4,Clumsy=3";
    let ended = run("Plain,Metered,Clumsy", &server, arguments);
    let classes = ended.report["classes"].as_array().expect("a list");
    let peak = |name: &str| {
        let class = classes.iter().find(|class| class["name"] == name).expect(name);
        class["peak_users"].as_u64().expect("a number")
    };
    assert_eq!(["Metered", "Plain", "Clumsy"].map(peak), [3, 4, 3]);
}

#[test]
fn figures_can_begin_when_all_users_are_there() {
    let server = Server::start(Duration::ZERO);
    let ended = run("Metered", &server, "-u 3 -r 2 -t 4s --reset-stats");
    assert!(ended.stderr.contains("figures are counted from here on"), "{}", ended.stderr);
    assert!(ended.number("/totals/requests") < server.received(), "those of the ramp are left out");
    let duration = ended.report["run"]["duration_s"].as_f64().expect("a number");
    assert!(duration < 4.0, "{duration}");
}

#[test]
fn the_ratio_of_tasks_is_shown_without_a_run() {
    let output = load_test().args(["--show-task-ratio", "Plain", "Clumsy"]).output();
    let output = output.expect("built");
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.starts_with("  50.0 %  Plain\n     100.0 %  index  (50.0 % of all)\n"), "{text}");
    let output = load_test().args(["--show-task-ratio", "--format", "json"]).output();
    let list: Value = serde_json::from_slice(&output.expect("built").stdout).expect("JSON");
    assert!(list.as_array().is_some_and(|list| list.len() >= 6), "{list}");
}

#[test]
fn the_table_is_printed_on_the_way_if_that_is_asked_for() {
    let server = Server::start(Duration::ZERO);
    let ended = run("Metered", &server, "-u 2 -r 100 -t 2s --print-stats");
    assert!(ended.stderr.contains("Aggregated"), "{}", ended.stderr);
}

#[test]
fn what_user_code_logs_goes_to_standard_error_or_to_a_file() {
    let server = Server::start(Duration::ZERO);
    let quiet = "-u 1 -t 1s --only-summary";
    let ended = run("Idle", &server, quiet);
    assert!(ended.stderr.contains("INFO  load_test] resting"), "{}", ended.stderr);
    assert!(!ended.stderr.contains("still resting"));
    let ended = run("Idle", &server, &format!("{quiet} --loglevel warn"));
    assert_eq!(ended.stderr, "");
    let ended = run("Idle", &server, &format!("{quiet} --loglevel debug --logfile run.log"));
    assert_eq!(ended.stderr, "");
    assert!(ended.file("run.log").contains("DEBUG load_test] still resting"));
}

/// The rows of a file by their header, as any reader of CSV sees them.
fn rows(ended: &Ended, name: &str, header: &str) -> Vec<Vec<String>> {
    let text = ended.file(name);
    assert_eq!(text.lines().next(), Some(header), "{name}");
    assert!(text.ends_with("\r\n") && !text.replace("\r\n", "").contains('\n'), "{name}");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.records().map(|row| row.expect("as long as its header"));
    rows.map(|row| row.iter().map(str::to_owned).collect()).collect()
}

#[test]
fn the_csv_files_are_locusts_and_hold_the_end() {
    const STATS: &str = "Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%";
    const HISTORY: &str = "Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%,Total Request Count,Total Failure Count,Total Median Response Time,Total Average Response Time,Total Min Response Time,Total Max Response Time,Total Average Content Size";
    let server = Server::start(Duration::ZERO);
    let classes = "Metered,LockedOut,Clumsy";
    for (full, lines) in [("", 1), ("--csv-full-history", 3)] {
        let ended = run(classes, &server, &format!("-u 6 -r 100 -t 2s --csv out/run {full}"));
        let stats = rows(&ended, "out/run_stats.csv", STATS);
        let total = stats.last().expect("a row");
        assert_eq!(total[..2], ["", "Aggregated"]);
        let counts =
            ["/totals/requests", "/totals/failures"].map(|at| ended.number(at).to_string());
        assert_eq!(total[2..4], counts, "the end of the run, as in the JSON file");
        let p95 = ended.report["totals"]["response_time_ms"]["p95"].as_f64().expect("a time");
        assert_eq!(total[16], format!("{p95:.0}"), "whole, as Locust's");
        let history = rows(&ended, "out/run_stats_history.csv", HISTORY);
        // Of a busy machine one of the seconds may be missing, but not the end.
        assert!(history.len() >= 2 * lines, "{}", history.len());
        let last = &history[history.len() - lines..];
        assert_eq!(last.iter().filter(|row| row[3] == "Aggregated").count(), 1);
        assert_eq!(last[lines - 1][17..19], counts);
        let failures = rows(
            &ended,
            "out/run_failures.csv",
            "Method,Name,Error,Occurrences,First Seen,Last Seen",
        );
        assert_eq!(failures[0][..3], ["GET", "/login", "404 Not Found"]);
        let exceptions = rows(&ended, "out/run_exceptions.csv", "Count,Message,Traceback,Nodes");
        assert!(exceptions.iter().any(|row| row[1] == "this user fails"), "{exceptions:?}");
    }
    let output = load_test().args(["--headless", "Idle", "--csv-full-history"]).output();
    let output = output.expect("built");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("add --csv PREFIX"));
}
