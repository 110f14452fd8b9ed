//! Loads: stages, rates, warm-up, of all and of a class, against a server that counts.

use crate::load::{Ended, run};
use crate::server::Server;
use serde_json::Value;
use std::collections::HashSet;
use std::time::Duration;

/// A number in each point of the history, with the end of its second.
fn history(ended: &Ended, field: &str) -> Vec<(f64, f64)> {
    let points = ended.report["history"].as_array().expect("a list").iter();
    let number = |point: &Value, field: &str| point[field].as_f64().expect("a number");
    points.map(|point| (number(point, "t_s"), number(point, field))).collect()
}

fn highest(points: &[(f64, f64)]) -> f64 {
    points.iter().map(|(_, value)| *value).fold(0.0, f64::max)
}

/// A figure of the only task of a class.
fn task<'a>(ended: &'a Ended, class: &str, field: &str) -> &'a Value {
    let rows = ended.report["tasks"].as_array().expect("a list");
    let row = rows.iter().find(|row| row["class"] == class);
    &row.unwrap_or_else(|| panic!("no task of {class}"))[field]
}

#[test]
fn iterations_arrive_at_their_rate_and_none_is_lost() {
    let server = Server::start(Duration::from_millis(2));
    for arguments in ["--rate 100/s -t 5s", "--stages 100/s@0s,100/s@5s"] {
        let ended = run("Plain", &server, &format!("{arguments} --seed 1"));
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let sent = ended.number("/totals/requests");
        assert!((499..=501).contains(&sent), "{arguments}: {sent}");
        // What is due at the very end may not start any more.
        assert!(ended.number("/totals/missed") <= 1 && ended.number("/totals/dropped") == 0);
        assert!(task(&ended, "Plain", "from_schedule_ms")["p50"].as_f64().is_some());
        assert!(ended.stderr.contains("100.0/s arriving"), "{}", ended.stderr);
    }
    // Poisson: 500 with a deviation of 22, and this seed is fixed.
    let ended = run("Plain", &server, "--rate 6000/m -t 5s --arrivals poisson --seed 1");
    let sent = ended.number("/totals/requests");
    assert!((400..600).contains(&sent) && !(499..=501).contains(&sent), "{sent}");
    assert_eq!(ended.report["run"]["load"]["rate"], 100.0);
}

#[test]
fn a_frozen_target_is_seen_from_the_schedule() {
    let second = Duration::from_secs(1);
    let server = Server::freezing(second / 200, second * 3..second * 5);
    let ended = run("Plain", &server, "--rate 100/s -t 10s");
    let runs = task(&ended, "Plain", "runs").as_u64().expect("a number");
    assert!((999..=1_001).contains(&runs) && ended.number("/totals/dropped") == 0, "{runs}");
    // 1,500 ms, as the simulation shows within 75; a machine that is held up can only make it more.
    for from_schedule in
        [&ended.report["totals"]["from_schedule_ms"], task(&ended, "Plain", "from_schedule_ms")]
    {
        let p95 = from_schedule["p95"].as_f64().expect("a number");
        assert!((1_425.0..2_000.0).contains(&p95), "{p95}");
    }
    assert!(highest(&history(&ended, "in_flight")) >= 150.0, "{:?}", history(&ended, "in_flight"));
}

#[test]
fn what_nobody_is_free_for_is_dropped_and_shown() {
    let server = Server::start(Duration::from_millis(200));
    let ended = run("Plain", &server, "--rate 50/s --max-users 3 -t 2s");
    let (runs, dropped) = (ended.number("/totals/requests"), ended.number("/totals/dropped"));
    assert!(
        (99..=101).contains(&(runs + dropped + ended.number("/totals/missed"))),
        "{runs} {dropped}"
    );
    assert!(dropped > 50 && runs <= 33, "three at a time, five a second each: {runs}");
    assert!(ended.stdout.contains("iterations dropped"), "{}", ended.stdout);
    let seen = history(&ended, "dropped_per_s");
    let first: f64 = seen.iter().take_while(|(end, _)| *end <= 1.0).map(|(_, it)| it).sum();
    assert!(first > 20.0 && first < dropped as f64, "in the first second {seen:?} of {dropped}");
    assert_eq!(highest(&history(&ended, "users")), 3.0);
    assert_eq!(ended.number("/classes/0/peak_users"), 3);
}

#[test]
fn stages_end_the_run_and_a_class_has_its_own() {
    let server = Server::start(Duration::from_millis(2));
    let stages = "--stages 4@0s,4@1s,1@0s,1@2s --stages-of Metered=2@0s,2@1s --rate-of Idle=20/s";
    let ended = run("Plain,Metered,Idle", &server, &format!("{stages} -t 3s"));
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let peak = |class: &str| {
        let mut classes = ended.report["classes"].as_array().expect("a list").iter();
        classes.find(|it| it["name"] == class).expect("it took part")["peak_users"].clone()
    };
    assert_eq!(["Plain", "Metered"].map(peak), [4, 2]);
    let runs = task(&ended, "Idle", "runs").as_u64().expect("a number");
    assert!((59..=61).contains(&runs), "{runs}");
    let ended = run("Plain", &server, "--stages 2@0s,2@1s");
    assert!(ended.stdout.contains("because the run time was over"), "{}", ended.stdout);
    assert!(ended.stderr.contains("of 1s]"), "{}", ended.stderr);
}

#[test]
fn what_happens_in_the_warm_up_is_in_the_history_alone() {
    let server = Server::start(Duration::from_millis(2));
    let ended = run("Metered", &server, "-u 2 -r 100 -t 4s --warmup 2s");
    assert_eq!(ended.report["run"]["measured_from_s"], 2.0);
    let requests = history(&ended, "rps");
    let early: f64 = requests.iter().filter(|(end, _)| *end <= 2.0).map(|(_, rps)| rps).sum();
    assert!(early > 40.0, "{requests:?}");
    assert_eq!(ended.number("/totals/requests") + early.round() as u64, server.received());
    let error = run("Metered", &server, "-t 2s --warmup 2s");
    assert_eq!(error.code, Some(2));
    assert!(error.stderr.contains("nothing would be measured"), "{}", error.stderr);
}

#[test]
fn who_visits_comes_at_its_rate_and_leaves() {
    let server = Server::start(Duration::from_millis(2));
    let ended = run("Passerby,Metered", &server, "-u 1 -t 3s --request-log log");
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let runs = |task: &str| {
        let rows = ended.report["tasks"].as_array().expect("a list");
        let row = rows.iter().find(|row| row["task"] == task).expect("it ran");
        row["runs"].as_u64().expect("a number")
    };
    let came = runs("comes");
    assert!((59..=61).contains(&came) && came - runs("goes") <= 2, "{came}: nearly all went");
    let users = history(&ended, "users");
    assert!(highest(&users) < 20.0, "they do not stay: {users:?}");
    let log = ended.file("log");
    let requests = log.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let of_visitors = requests.filter(|request| request["class"] == "Passerby");
    let numbers: HashSet<u64> =
        of_visitors.map(|request| request["user"].as_u64().expect("a number")).collect();
    assert_eq!(numbers.len() as u64, came, "each is a new user");
    let no_visit = run("Passerby", &server, "-t 1s --rate-of Passerby=0/s");
    assert_eq!(no_visit.code, Some(5), "nobody comes");
}
