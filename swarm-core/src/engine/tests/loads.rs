//! Loads on paused time: stages and rates, of all and of a class.

use super::simulation::{Controls, Simulated, note, simulate_run};
use crate::event::Listeners;
use crate::plan::{ClassSpec, Load, RunSpec};
use crate::prelude::*;
use tokio::time::{sleep, sleep_until};

/// Comes and goes.
#[user(wait = constant(1s))]
struct Resident {
    context: Context,
}

#[tasks]
impl Resident {
    #[on_start]
    fn arrive(&mut self) {
        note(&self.context, "arrive");
    }

    #[task]
    fn live(&mut self) {}

    #[on_stop]
    fn leave(&mut self) {
        note(&self.context, "leave");
    }
}

/// As much as [`Resident`], by another name.
#[user(wait = constant(1s))]
struct Lodger {
    context: Context,
}

#[tasks]
impl Lodger {
    #[on_start]
    fn arrive(&mut self) {
        note(&self.context, "lodge");
    }

    #[task]
    fn live(&mut self) {}
}

fn load(text: &str) -> Load {
    match text.parse() {
        Ok(rate) => Load::Rate { rate },
        Err(_) => Load::Stages { stages: text.parse().expect("stages") },
    }
}

fn class(name: &str, own: Option<&str>) -> ClassSpec {
    ClassSpec { load: own.map(load), ..ClassSpec::new(name, 1) }
}

fn run(spec: &RunSpec, script: impl AsyncFnOnce(&Controls)) -> Simulated {
    simulate_run(Listeners::default(), spec, script)
}

/// Until so many seconds are over.
fn run_for(spec: &RunSpec, seconds: f64) -> Simulated {
    run(spec, async |shard| {
        shard.until(seconds).await;
        shard.stop(0.0);
    })
}

/// Seconds to the hundredth: tokio's timer knows milliseconds.
fn rounded(times: &[f64]) -> Vec<f64> {
    times.iter().map(|time| (time * 100.0).round() / 100.0).collect()
}

#[test]
fn stages_ramp_hold_and_step() {
    let classes = vec![class("Resident", None)];
    let spec = RunSpec { load: load("2@1s, 2@2s, 4@0s, 4@1s, 1@1500ms"), ..RunSpec::new(classes) };
    let simulated = run_for(&spec, 6.5);
    assert_eq!(rounded(&simulated.times("arrive")), [0.0, 0.5, 3.0, 3.0]);
    assert_eq!(rounded(&simulated.times("leave")), [4.0, 4.5, 5.0, 6.5]);
    let running: Vec<u32> = simulated.reports.iter().map(|it| it.users[0].running).collect();
    assert_eq!(running, [2, 2, 2, 4, 2, 1, 0]);
}

#[test]
fn another_load_goes_on_from_the_middle_of_a_stage() {
    let spec = RunSpec { load: load("10@10s"), ..RunSpec::new(vec![class("Resident", None)]) };
    let simulated = run(&spec, async |shard| {
        shard.until(3.5).await;
        shard.change(&load("6@2s"));
        shard.until(9.0).await;
        shard.stop(0.0);
    });
    assert_eq!(rounded(&simulated.times("arrive")), [0.0, 1.0, 2.0, 3.0, 3.5, 4.5]);
}

#[test]
fn a_class_has_a_load_of_its_own() {
    let classes = vec![class("Resident", None), class("Lodger", Some("2@4s"))];
    let simulated = run_for(&RunSpec { load: Load::users(3, 1.0), ..RunSpec::new(classes) }, 5.5);
    assert_eq!(rounded(&simulated.times("arrive")), [0.0, 1.0, 2.0], "all three are of the other");
    assert_eq!(rounded(&simulated.times("lodge")), [0.0, 2.0]);
    let mut numbers: Vec<u32> = simulated
        .deeds
        .iter()
        .filter(|(_, what, _)| *what != "leave")
        .map(|(who, ..)| *who)
        .collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [0, 1, 2, 3, 4], "no two share a number");
}

/// A quarter of a second of work.
#[user(wait = constant(9s))]
struct Worker {
    context: Context,
}

#[tasks]
impl Worker {
    #[on_start]
    fn arrive(&mut self) {
        note(&self.context, "arrive");
    }

    #[task]
    async fn work(&mut self) {
        note(&self.context, "work");
        sleep(Duration::from_millis(250)).await;
    }

    #[on_stop]
    fn leave(&mut self) {
        note(&self.context, "leave");
    }
}

/// Answers take 5 ms, and the target is frozen from second 3 to 5.
#[user]
struct Patron {
    context: Context,
}

#[tasks]
impl Patron {
    #[task]
    async fn ask(&mut self) {
        let thaw = Duration::from_secs(5);
        if (Duration::from_secs(3)..thaw).contains(&self.context.now()) {
            sleep_until(self.context.origin() + thaw).await;
        }
        sleep(Duration::from_millis(5)).await;
    }
}

fn spec(run: &str, classes: &[ClassSpec]) -> RunSpec {
    RunSpec { load: load(run), seed: 7, ..RunSpec::new(classes.to_vec()) }
}

#[test]
fn arrivals_start_when_they_are_due_and_users_are_used_again() {
    let simulated = run_for(&spec("10/s", &[class("Worker", None)]), 1.05);
    let times = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0];
    assert_eq!(rounded(&simulated.times("work")), times, "whatever its wait time is");
    assert_eq!(rounded(&simulated.times("arrive")), [0.0, 0.1, 0.2], "three are enough");
    let who = simulated.deeds.iter().filter(|(_, what, _)| *what == "work");
    let who: Vec<u32> = who.map(|(user, ..)| *user).collect();
    assert_eq!(who, [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1]);
    let second = &simulated.reports[0].users[0];
    assert_eq!((second.running, second.in_flight), (3, 2), "the third waits for its next");
    let work = simulated.task("Worker", "work");
    assert_eq!((work.missed, simulated.delta.dropped), (0, 0));
    assert_eq!(work.start_delay.max().map(|delay| delay < 2_000.0), Some(true), "a timer's tick");
}

#[test]
fn a_frozen_target_is_seen_from_the_schedule() {
    let simulated = run_for(&spec("100/s", &[class("Patron", None)]), 10.0);
    let ask = simulated.task("Patron", "ask");
    assert!(ask.duration.count().abs_diff(1_000) <= 1, "{}", ask.duration.count());
    let p95 = ask.from_schedule.percentiles([0.95])[0].unwrap_or_default();
    assert!((1_425_000.0..1_575_000.0).contains(&p95), "{p95}");
    let most = simulated.reports.iter().map(|it| it.users[0].in_flight).max();
    assert_eq!(most, Some(200), "at the end of the second frozen second");
}

#[test]
fn what_arrives_when_all_are_busy_is_dropped() {
    let few = RunSpec { max_users: 2, ..spec("10/s", &[class("Worker", None)]) };
    let simulated = run_for(&few, 1.05);
    // Of each three, two find a user.
    let times = [0.0, 0.1, 0.3, 0.4, 0.6, 0.7, 0.9, 1.0];
    assert_eq!(rounded(&simulated.times("work")), times);
    assert_eq!(simulated.delta.dropped, 3);
    let dropped: Vec<u64> = simulated.reports.iter().map(|report| report.delta.dropped).collect();
    assert_eq!(dropped, [3, 0], "it is known when");
}

#[test]
fn a_rate_is_shared_by_weight_and_whoever_waits_makes_room() {
    let both = [class("Worker", None), ClassSpec::new("Resident", 3)];
    let simulated = run_for(&spec("40/s", &both), 2.01);
    let of = |class: &str, task: &str| simulated.task(class, task).duration.count();
    assert_eq!(of("Resident", "live"), 61);
    assert_eq!(simulated.times("work").len(), 20);

    // One user at a time, of one class after the other.
    let turns = [
        class("Resident", Some("0/s@0s, 0/s@1s, 4/s@0s")),
        class("Lodger", Some("4/s@1s, 0/s@0s")),
    ];
    let one = RunSpec { max_users: 1, ..spec("0/s@5s", &turns) };
    let simulated = run_for(&one, 2.1);
    assert_eq!(simulated.delta.dropped, 0, "who waits leaves");
    assert!(of_users(&simulated, 0.99).len() == 1, "{:?}", simulated.deeds);
}

/// Those who came up to a time.
fn of_users(simulated: &Simulated, until: f64) -> Vec<u32> {
    let came = simulated
        .deeds
        .iter()
        .filter(|(_, what, at)| matches!(*what, "arrive" | "lodge") && at.as_secs_f64() <= until);
    came.map(|(user, ..)| *user).collect()
}

#[test]
fn another_rate_goes_on_from_where_it_is() {
    let simulated = run(&spec("4/s", &[class("Worker", None)]), async |shard| {
        shard.until(0.9).await;
        shard.change(&load("10/s"));
        shard.until(1.15).await;
        shard.change(&load("0/s@0s, 0/s@1s, 4/s@0s, 4/s@1s"));
        shard.until(3.0).await;
        shard.stop(5.0);
    });
    // 3.6 were due at 0.9 s, so the next one comes 0.04 s later; 6.1 were at 1.15 s.
    let times = [0.0, 0.25, 0.5, 0.75, 0.94, 1.04, 1.14, 2.38, 2.63, 2.88];
    assert_eq!(rounded(&simulated.times("work")), times);
}

#[test]
fn who_ends_leaves_room_and_what_can_not_begin_is_missed() {
    let short = RunSpec { user_iterations: Some(2), ..spec("10/s", &[class("Worker", None)]) };
    let simulated = run_for(&RunSpec { max_users: 3, ..short }, 2.05);
    assert_eq!(simulated.times("work").len(), 21);
    let times = |user| simulated.deeds_of(user).iter().filter(|did| **did == "work").count();
    assert!((0..30).all(|user| times(user) <= 2), "each for two iterations");
    assert_eq!(simulated.delta.dropped, 0);
    let all = RunSpec { iterations: Some(4), ..spec("10/s", &[class("Worker", None)]) };
    assert_eq!(run_for(&all, 2.0).times("work").len(), 4, "and no more");
    let simulated = run_for(&spec("10/s", &[class("Sleeper", None)]), 0.55);
    let sleep = simulated.task("Sleeper", "sleep");
    assert_eq!((sleep.duration.count(), sleep.missed), (0, 6), "all were still logging in");
}

/// Logs in for ever.
#[user]
struct Sleeper;

#[tasks]
impl Sleeper {
    #[on_start]
    async fn log_in(&mut self) {
        std::future::pending::<()>().await;
    }

    #[task]
    fn sleep(&mut self) {}
}

#[test]
fn fixed_counts_are_users_beside_a_rate() {
    let fixed = ClassSpec { fixed_count: 2, ..ClassSpec::new("Resident", 1) };
    let simulated = run_for(&spec("5/s", &[class("Worker", None), fixed]), 3.05);
    let last = &simulated.reports[2].users;
    assert_eq!((last[0].running, last[1].running, last[1].in_flight), (2, 2, 0));
}
