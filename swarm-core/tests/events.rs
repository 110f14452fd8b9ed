//! Listeners and the run that they hear of: how often, in which order, and what the result says of those that fail.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod common;

use common::next;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use swarm_core::context::Resources;
use swarm_core::engine::{Command, Event, RunHandle, Stop, quit};
use swarm_core::judge::Ending;
use swarm_core::plan::{ClassSpec, Load};
use swarm_core::prelude::*;
use swarm_core::user::Registry;
use tokio::sync::broadcast::Receiver;
use tokio::time::timeout;

/// What was heard, in order, by the seed of the run.
static HEARD: Mutex<Vec<(u64, String)>> = Mutex::new(Vec::new());

fn hear(seed: u64, what: impl Into<String>) {
    HEARD.lock().expect("whole").push((seed, what.into()));
}

fn heard(seed: u64) -> Vec<String> {
    let heard = HEARD.lock().expect("whole");
    heard.iter().filter(|(of, _)| *of == seed).map(|(_, what)| what.clone()).collect()
}

#[user(wait = constant(20ms))]
struct Walker {
    context: Context,
}

#[tasks]
impl Walker {
    #[on_start]
    fn arrive(&mut self) {
        hear(self.context.spec().seed, "on_start");
    }

    #[task]
    fn walk(&mut self) {}

    #[on_stop]
    fn leave(&mut self) {
        hear(self.context.spec().seed, "on_stop");
    }
}

#[event(init)]
fn init(run: &RunSpec) {
    hear(run.seed, "init");
}

#[event(test_start)]
fn a_comes_first(run: &RunSpec) {
    hear(run.seed, "test_start");
}

#[event(test_start)]
async fn b_takes_its_time(run: &RunSpec) {
    tokio::time::sleep(Duration::from_millis(50)).await;
    hear(run.seed, "test_start, later");
}

#[event(user_start)]
fn user_start(context: &Context) {
    hear(context.spec().seed, "user_start");
}

#[event(spawning_complete)]
fn spawning_complete(users: u32) -> TaskResult {
    (users < 3).or_fail("too many users")
}

#[event(stopping)]
fn stopping(why: &Ending) {
    assert_ne!(*why, Ending::TimeUp, "nobody has that much time");
}

#[event(user_stop)]
async fn user_stop(context: &Context) {
    tokio::task::yield_now().await;
    hear(context.spec().seed, "user_stop");
}

#[event(test_stop)]
async fn test_stop(report: &Report) -> TaskResult {
    let runs: u64 = report.tasks.iter().map(|task| task.runs).sum();
    hear(report.run.spec.seed, "test_stop");
    (runs == 0).or_fail("somebody walked")
}

#[event(quitting)]
fn a_sets_the_exit_code_of_one_run(event: &mut Quitting) {
    match event.report.run.spec.seed {
        7 => event.exit_code = 77,
        8 => event.exit_code = 0,
        _ => {}
    }
}

#[event(quitting)]
async fn b_fails(event: &mut Quitting) -> TaskResult {
    (event.report.run.spec.seed == 8).or_fail("not this one")
}

fn spec(seed: u64, users: u32) -> RunSpec {
    let load = Load::users(users, 1_000.0);
    RunSpec { load, seed, ..RunSpec::new(vec![ClassSpec::new("Walker", 1)]) }
}

fn launch() -> RunHandle {
    let registry = Registry::find().expect("no duplicates");
    RunHandle::launch(registry, Resources::default()).expect("threads")
}

async fn ended(events: &mut Receiver<Event>) -> Arc<Report> {
    let end = |event| match event {
        Event::Ended { report, .. } => Some(report),
        _ => None,
    };
    next(events, end).await
}

/// A run that is stopped when all users are there, after its figures were forgotten.
async fn run(handle: &RunHandle, spec: RunSpec) -> Arc<Report> {
    let mut events = handle.events();
    handle.send(Command::start(spec));
    next(&mut events, |event| matches!(event, Event::SpawningComplete { .. }).then_some(())).await;
    handle.send(Command::Stop(Stop::Graceful));
    ended(&mut events).await
}

/// Exceptions, as (class, listener or task, message).
fn exceptions(report: &Report) -> Vec<[&str; 3]> {
    report.exceptions.iter().map(|row| [&*row.class, &*row.task, &*row.message]).collect()
}

#[tokio::test]
async fn a_run_is_heard_from_its_start_to_its_end_and_a_program_once() {
    let handle = launch();
    for (seed, users, first) in [(1, 2, &["init"][..]), (2, 1, &[])] {
        run(&handle, spec(seed, users)).await;
        let heard = heard(seed);
        let users = users as usize;
        let before = [first, &["test_start", "test_start, later"]].concat();
        assert_eq!(heard[..before.len()], before, "before any user");
        assert_eq!(heard.last().map(String::as_str), Some("test_stop"), "after the last user");
        for what in ["user_start", "on_start", "on_stop", "user_stop"] {
            assert_eq!(heard.iter().filter(|it| *it == what).count(), users, "{what}: {heard:?}");
        }
        if users == 1 {
            let life = ["user_start", "on_start", "on_stop", "user_stop"];
            assert_eq!(heard[before.len()..heard.len() - 1], life);
        }
    }
}

#[tokio::test]
async fn listeners_that_fail_are_in_the_result_even_after_a_reset() {
    let handle = launch();
    let mut events = handle.events();
    handle.send(Command::start(spec(3, 4)));
    next(&mut events, |event| matches!(event, Event::SpawningComplete { .. }).then_some(())).await;
    // The next second tells what went wrong in this one.
    let mut snapshots = handle.snapshots();
    let knows = |report: &Report| exceptions(report).contains(&SPAWNING);
    let told = snapshots.wait_for(|now| now.report.as_ref().is_some_and(|report| knows(report)));
    drop(timeout(Duration::from_secs(30), told).await.expect("in time").expect("it runs"));
    handle.send(Command::Reset);
    handle.send(Command::Stop(Stop::Graceful));
    let report = ended(&mut events).await;
    let walked = report.tasks.iter().any(|task| task.runs > 0);
    let mut expected = vec![SPAWNING];
    if walked {
        expected.push(["(events)", "test_stop: events::test_stop", "somebody walked"]);
    }
    assert_eq!(exceptions(&report), expected);
    let errors = format!("{} of listeners", if walked { "2 errors" } else { "1 error" });
    assert_eq!(report.outcome.reasons, ["nothing was requested", &errors]);
}

const SPAWNING: [&str; 3] =
    ["(events)", "spawning_complete: events::spawning_complete", "too many users"];

#[tokio::test]
async fn who_is_told_to_stop_before_the_first_user_starts_none() {
    let handle = launch();
    let mut events = handle.events();
    handle.send(Command::start(spec(4, 3)));
    handle.send(Command::Stop(Stop::Now));
    let report = timeout(Duration::from_secs(30), ended(&mut events)).await.expect("in time");
    let users = heard(4).into_iter().filter(|what| what.contains("user") || what.contains("on_"));
    assert_eq!(users.count(), 0);
    assert_eq!(heard(4).last().map(String::as_str), Some("test_stop"));
    assert_eq!(report.classes[0].peak_users, 0);
}

#[tokio::test]
async fn the_last_word_on_the_exit_code_has_a_listener() {
    let handle = launch();
    let by = "the exit code was set by quitting: events::a_sets_the_exit_code_of_one_run";
    let failed = "a listener of quitting failed";
    for (seed, exit_code, first, last) in [
        (7, 77, by, failed),
        (8, 0, by, "1 error of listeners"),
        (9, 5, "nothing was requested", failed),
    ] {
        let report = run(&handle, spec(seed, 1)).await;
        assert_eq!(report.outcome.exit_code, 5, "nothing was requested");
        let report = quit(report, &Resources::default()).await;
        assert_eq!(report.outcome.exit_code, exit_code);
        let reasons = &report.outcome.reasons;
        assert_eq!(reasons.first().map(String::as_str), Some(first));
        assert_eq!(reasons.last().map(String::as_str), Some(last));
        let row = ["(events)", "quitting: events::b_fails", "not this one"];
        assert_eq!(exceptions(&report).contains(&row), seed != 8);
    }
}
