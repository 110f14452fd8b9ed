//! What listeners hear of a real run, and what the program makes of what they say.

use crate::load::{Ended, Load, start_program, tested};
use swarm_runner::Demo;

/// Two users for a second, with these variables set.
fn start(variables: &[&str]) -> Load {
    let mut command = tested(env!("CARGO_BIN_EXE_listening"));
    command.envs(variables.iter().map(|variable| (variable, "1")));
    let demo = Demo::start().expect("a free port");
    start_program(command, "Reader", &demo.url(), "-u 2 -r 100 -t 1500ms")
}

fn run(variables: &[&str]) -> Ended {
    start(variables).wait()
}

/// What was heard, in order.
fn heard(ended: &Ended) -> Vec<&str> {
    ended.stderr.lines().filter_map(|line| line.strip_prefix("heard: ")).collect()
}

/// Exceptions, as (class, listener or task, message).
fn exceptions(ended: &Ended) -> Vec<[&str; 3]> {
    let rows = ended.report["exceptions"].as_array().expect("a list");
    rows.iter()
        .map(|row| ["class", "task", "message"].map(|field| row[field].as_str().expect("a text")))
        .collect()
}

#[test]
fn everything_is_heard_in_its_order_and_every_request_counts() {
    let ended = run(&[]);
    let requests = format!("test_stop with {} requests", ended.number("/totals/requests"));
    let expected = [
        "init for 2 users",
        "test_start",
        "user_start of Reader",
        "user_start of Reader",
        "spawning_complete with 2 users",
        "stopping because the run time was over",
        "user_stop of Reader",
        "user_stop of Reader",
        &requests,
        "quitting with 1",
    ];
    let mut heard = heard(&ended);
    // Of users that stop and of the news that they shall, either may be first to be heard.
    heard[5..8].sort_unstable();
    assert_eq!(heard, expected, "{}", ended.stderr);
    assert_eq!(exceptions(&ended), [[""; 3]; 0]);

    let counted = ended.stderr.lines().find_map(|line| line.strip_prefix("counted: "));
    let counted: [u64; 4] = serde_json::from_str(counted.expect("a line")).expect("a list");
    let rows = ended.report["requests"].as_array().expect("a list");
    let sum = |kind: &str, field: &str| -> u64 {
        let these = rows.iter().filter(|row| row["kind"] == kind);
        these.map(|row| row[field].as_u64().expect("a number")).sum()
    };
    let failed = sum("http", "failures");
    let bytes = sum("http", "bytes") + sum("auth", "bytes");
    assert!(failed > 0 && sum("auth", "requests") == 2, "{rows:?}");
    assert_eq!(counted, [2, sum("http", "requests") - failed, failed, bytes]);
}

#[test]
fn a_listener_sets_the_exit_code_and_the_result_says_so_everywhere() {
    let ended = run(&["EXIT_WITH_SEVEN"]);
    assert_eq!(ended.code, Some(7), "{}", ended.stderr);
    assert_eq!(ended.number("/outcome/exit_code"), 7);
    let by = "the exit code was set by quitting: listening::quitting";
    assert_eq!(ended.report["outcome"]["reasons"][0], by);
    let last = ended.stdout.lines().last().expect("a line");
    assert!(last.starts_with(&format!("failed: {by}; ")), "{last}");
    assert!(last.ends_with("(exit code 7)"), "{last}");
}

#[test]
fn listeners_that_fail_are_reported_and_the_run_goes_on() {
    let ended = run(&["FAIL_AT_START", "PANIC_AT_REQUESTS"]);
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert_eq!(heard(&ended).last(), Some(&"quitting with 1"));
    let exceptions = exceptions(&ended);
    let seed = ["(events)", "test_start: listening::test_start", "can't seed: no such table"];
    assert!(exceptions.contains(&seed), "{exceptions:?}");
    let panics: Vec<_> =
        exceptions.iter().filter(|[_, who, _]| who.starts_with("request")).collect();
    assert_eq!(panics.len(), 3, "/login, / and /missing: {panics:?}");
    assert!(
        panics.iter().all(|[.., message]| message.contains("listening/main.rs:")),
        "{panics:?}"
    );
    let requests = ended.number("/totals/requests") + ended.number("/totals/interrupted");
    let reason = format!("{} errors of listeners", requests + 2 + 1);
    let reasons = ended.report["outcome"]["reasons"].as_array().expect("a list");
    assert!(reasons.iter().any(|it| *it == *reason), "{reasons:?}, not {reason}");
    assert!(ended.stdout.contains("can't seed: no such table"), "{}", ended.stdout);
}

#[test]
fn a_signal_ends_the_wait_for_a_listener() {
    let mut load = start(&["WAIT_AT_START"]);
    load.wait_for_line("heard: test_start");
    load.signal("INT");
    let ended = load.wait();
    assert_eq!(ended.code, Some(5), "{}", ended.stderr);
    assert!(!ended.stderr.contains("heard: user_start"), "{}", ended.stderr);
    let cut = "cut off: the run was told to stop";
    assert_eq!(exceptions(&ended), [["(events)", "test_start: listening::test_start", cut]]);
}
