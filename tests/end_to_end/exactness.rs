//! What the server received is what the result says, for every way of ending.

use crate::load::{Ended, run, start};
use crate::server::Server;
use std::time::Duration;

/// Long enough for many requests to be under way at the end. Runs that count on that last no multiple of it, which is when answers come.
const ANSWER_TIME: Duration = Duration::from_millis(500);

fn check(server: &Server, ended: &Ended) {
    let received = server.received();
    let answered = ended.number("/wire/answered");
    let unanswered = ended.number("/wire/sent_unanswered");
    assert_eq!(received, answered + unanswered, "{:#}", ended.report["wire"]);
    assert_eq!(ended.number("/wire/partly_sent"), 0, "such small requests are sent whole");

    let requests = ended.number("/totals/requests");
    let interrupted = ended.number("/totals/interrupted");
    assert_eq!(answered, requests, "no redirects, no retries: an answer is a request");
    assert!(interrupted >= unanswered, "{interrupted} interrupted, {unanswered} unanswered");
    assert_eq!(ended.number("/totals/status/200"), requests);
    assert_eq!(ended.number("/requests/0/requests"), requests);
    assert_eq!(ended.number("/tasks/0/runs"), requests, "each run is one request");

    // The console says the same.
    let row = ended.table_row("Aggregated");
    assert!(row.contains(&requests.to_string()), "{row:?} has no {requests}");
}

#[test]
fn when_the_time_is_up_and_tasks_may_finish() {
    let server = Server::start(ANSWER_TIME);
    let ended = run("Plain", &server, "-u 20 -r 100 -t 2s --stop-timeout 5s");
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    check(&server, &ended);
    assert_eq!(ended.number("/totals/interrupted"), 0, "there was time enough");
}

#[test]
fn when_the_time_is_up_and_tasks_are_cut() {
    let server = Server::start(ANSWER_TIME);
    let ended = run("Plain", &server, "-u 20 -r 100 -t 2.3s --stop-timeout 0");
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    check(&server, &ended);
    assert_eq!(ended.number("/totals/interrupted"), 20, "each user had a request under way");
}

#[test]
fn when_a_signal_ends_it() {
    for signal in ["INT", "TERM"] {
        for stop_timeout in ["0", "5s"] {
            let server = Server::start(ANSWER_TIME);
            let arguments = format!("-u 20 -r 100 --stop-timeout {stop_timeout}");
            let load = start("Plain", &server.url(), &arguments);
            server.wait_for(50);
            load.signal(signal);
            let ended = load.wait();
            assert_eq!(ended.code, Some(0), "{signal}: {}", ended.stderr);
            check(&server, &ended);
        }
    }
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let server = Server::start(Duration::from_secs(30));
    let mut load = start("Plain", &server.url(), "-u 2 -r 100 --stop-timeout 60s");
    server.wait_for(2);
    load.signal("INT");
    // The first one is heard when it says so; the second one may come then.
    load.wait_for_line("stop");
    load.signal("INT");
    let ended = load.wait();
    assert_eq!(ended.code, Some(130), "{}", ended.stderr);
}

#[test]
fn a_run_leaves_the_drain_out_of_its_rates() {
    let server = Server::start(ANSWER_TIME);
    let ended = run("Plain", &server, "-u 4 -r 100 -t 2.3s --stop-timeout 5s");
    let duration = ended.report["run"]["duration_s"].as_f64().expect("a number");
    let rate = ended.report["totals"]["rps"].as_f64().expect("a number");
    // Four requests were under way when the time was up; they are requests, but not of the rate.
    let measured = ended.number("/totals/requests") - 4;
    assert!((rate * duration - measured as f64).abs() < 0.01, "{rate}/s over {duration} s");
}
