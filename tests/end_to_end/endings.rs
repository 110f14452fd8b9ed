//! What goes wrong is counted, and nobody is lost.

use crate::load::{Ended, load_test, run, start};
use crate::server::Server;
use serde_json::Value;
use std::net::TcpListener;
use std::process::Command;
use std::time::Duration;

/// The number of users in each second of the run, without its first (the ramp) and its end (the drain).
fn users(ended: &Ended) -> Vec<u64> {
    let duration = ended.report["run"]["duration_s"].as_f64().expect("a number");
    let history = ended.report["history"].as_array().expect("a list");
    let inside =
        |point: &&Value| point["t_s"].as_f64().is_some_and(|end| end > 1.5 && end < duration - 0.5);
    let users = history.iter().filter(inside).map(|point| point["users"].as_u64());
    users.map(|users| users.expect("a number")).collect()
}

fn messages(ended: &Ended, list: &str, field: &str) -> Vec<String> {
    let rows = ended.report[list].as_array().expect("a list");
    rows.iter().map(|row| row[field].as_str().expect("a text").to_owned()).collect()
}

#[test]
fn users_that_can_not_log_in_stay_and_try_again() {
    let server = Server::start(Duration::ZERO);
    let ended = run("LockedOut", &server, "-u 3 -r 100 -t 4s");
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert_eq!(users(&ended), [3, 3], "nobody is lost");
    assert!(ended.number("/failures/0/occurrences") >= 6, "each tries at 0, 1 and 3 s");
    assert_eq!(messages(&ended, "failures", "name"), ["/login"]);
    assert_eq!(messages(&ended, "exceptions", "task"), [""; 0], "a failed request counts once");
}

#[test]
fn users_that_panic_are_built_anew() {
    let server = Server::start(Duration::ZERO);
    let ended = run("Clumsy", &server, "-u 4 -r 100 -t 3s");
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert_eq!(users(&ended), [4], "nobody is lost");
    let mut exceptions = messages(&ended, "exceptions", "message");
    exceptions.sort();
    assert_eq!(exceptions.len(), 2, "{exceptions:?}");
    assert!(exceptions[0].starts_with("panicked at tests/load_test/main.rs:"), "{exceptions:?}");
    assert!(exceptions[0].ends_with("this user panics"), "{exceptions:?}");
    assert_eq!(exceptions[1], "this user fails");
    assert!(!ended.stderr.contains("stack backtrace"), "{}", ended.stderr);
    assert_eq!(ended.number("/totals/failures"), 0);
}

#[test]
fn a_target_that_is_not_there_is_named() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let host = format!("http://{}", free.local_addr().expect("bound"));
    drop(free);
    let ended = start("Plain", &host, "-u 2 -r 100 -t 1s").wait();
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert_eq!(messages(&ended, "failures", "error"), ["connection refused"]);
    assert_eq!(ended.number("/wire/answered"), 0);
    assert_eq!(ended.number("/totals/failures"), ended.number("/totals/requests"));
}

#[test]
fn a_run_at_the_limit_of_open_files_says_so_and_goes_on() {
    let server = Server::start(Duration::from_millis(200));
    let program = load_test();
    let program = program.get_program().to_str().expect("UTF-8");
    let arguments = format!("--headless Plain -H {} -u 80 -r 1000 -t 2s --json", server.url());
    let limited = format!("ulimit -n 40 && exec {program} {arguments}");
    let output = Command::new("sh").args(["-c", &limited]).output().expect("a shell");
    assert_eq!(output.status.code(), Some(4), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).expect("a result");
    let causes = report["failures"].as_array().expect("a list");
    assert_eq!(causes[0]["error"], "too many open files: raise the limit (`ulimit -n`)");
    assert!(report["totals"]["ok_ms"]["p50"].is_f64(), "those who have a connection go on");
    let health = &report["outcome"]["health"];
    assert!(health["scarce"]["descriptors"].as_u64() > Some(40), "{health}");
    let reason = health["reasons"][0].as_str().expect("a reason");
    assert!(reason.starts_with("file descriptors ran out: "), "{reason}");
}

#[test]
fn a_run_that_requests_nothing_says_so() {
    let server = Server::start(Duration::ZERO);
    let ended = run("Idle", &server, "-u 2 -r 100 -t 1s");
    assert_eq!(ended.code, Some(5), "{}", ended.stderr);
    assert!(ended.number("/tasks/0/runs") > 10);
}

#[test]
fn a_task_that_blocks_its_thread_is_named_and_the_run_ends() {
    let server = Server::start(Duration::ZERO);
    let ended = run("Blocking", &server, "-u 1 -r 100 -t 1s --stop-timeout 0");
    let reasons = ended.report["outcome"]["reasons"].to_string();
    assert!(reasons.contains("Blocking::block blocks its thread"), "{reasons}");
    assert_eq!((ended.code, ended.text("/outcome/validity")), (Some(4), "invalid"));
}

#[test]
fn a_search_that_is_ended_early_says_what_it_knows() {
    let server = Server::start(Duration::from_millis(2));
    // Its first levels are of 10/s and 20/s, five seconds each after a while to settle.
    let search = start("Plain", &server.url(), "--find-limit p95<1s");
    server.wait_for(150);
    search.signal("INT");
    let ended = search.wait();
    assert_eq!(ended.code, Some(4), "{}", ended.stdout);
    assert_eq!(ended.text("/capacity/note"), "the search was ended early");
    assert_eq!(ended.report.pointer("/capacity/levels/0/passed"), Some(&Value::Bool(true)));
    let answer = ended.text("/outcome/reasons/0");
    assert!(answer.starts_with("10 iterations/s held, and no higher level failed"), "{answer}");
    assert!(ended.stdout.contains("Levels of load"), "{}", ended.stdout);
}
