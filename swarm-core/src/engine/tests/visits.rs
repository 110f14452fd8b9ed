//! Visits on paused time: who comes, does what it came for, and leaves.

use super::simulation::{Simulated, note, simulate_run};
use crate::event::Listeners;
use crate::plan::{ClassSpec, Load, Rate, RunSpec};
use crate::prelude::*;
use crate::user::Registry;
use tokio::time::sleep;

/// Reads, reads, buys, and goes: 300 ms of work, with a pause of 100 ms between.
#[user(visits = 2/s, sequential, wait = constant(100ms))]
struct Buyer {
    context: Context,
    steps: u32,
}

#[tasks]
impl Buyer {
    #[on_start]
    fn arrive(&mut self) {
        note(&self.context, "arrive");
    }

    #[task(2)]
    async fn read(&mut self) {
        self.steps += 1;
        note(&self.context, "read");
        sleep(Duration::from_millis(100)).await;
    }

    #[task(tags = ["money"])]
    async fn buy(&mut self) {
        assert_eq!(self.steps, 2, "each visitor is a new one");
        note(&self.context, "buy");
        sleep(Duration::from_millis(100)).await;
    }

    #[on_stop]
    fn leave(&mut self) {
        note(&self.context, "leave");
    }
}

/// Looks at what chance says, three times.
#[user(visits = 60/m, iterations = 3)]
struct Gazer {
    context: Context,
}

#[tasks]
impl Gazer {
    #[task]
    fn left(&mut self) {
        note(&self.context, "look");
    }

    #[task]
    fn right(&mut self) {
        note(&self.context, "look");
    }
}

/// Comes for one thing.
#[user(visits = ONCE_A_SECOND)]
struct Courier {
    context: Context,
}

const ONCE_A_SECOND: Rate = Rate(1.0);

#[tasks]
impl Courier {
    #[task]
    fn deliver(&mut self) {
        note(&self.context, "deliver");
    }
}

/// As it is declared.
fn class(name: &str) -> ClassSpec {
    Registry::find().expect("no duplicates").class(name).expect("declared").spec()
}

fn run_for(spec: &RunSpec, seconds: f64) -> Simulated {
    simulate_run(Listeners::default(), spec, async |shard| {
        shard.until(seconds).await;
        shard.stop(0.0);
    })
}

fn rounded(times: &[f64]) -> Vec<f64> {
    times.iter().map(|time| (time * 100.0).round() / 100.0).collect()
}

#[test]
fn a_visitor_does_its_tasks_in_order_and_leaves_and_another_one_comes() {
    let simulated = run_for(&RunSpec::new(vec![class("Buyer")]), 1.95);
    assert_eq!(rounded(&simulated.times("arrive")), [0.0, 0.5, 1.0, 1.5]);
    assert_eq!(rounded(&simulated.times("read"))[..2], [0.0, 0.2], "its own wait time holds");
    assert_eq!(rounded(&simulated.times("leave")), [0.5, 1.0, 1.5, 1.95], "the last is cut off");
    let whole = ["arrive", "read", "read", "buy", "leave"];
    // Of the two crowds the run's own has nobody, so the numbers are odd.
    for user in [1, 3, 5] {
        assert_eq!(simulated.deeds_of(user), whole);
    }
    let read = simulated.task("Buyer", "read");
    assert_eq!((read.duration.count(), read.start_delay.count()), (8, 4), "the first is due");
    assert_eq!(simulated.exceptions(), []);
    let second = &simulated.reports[0].users[0];
    assert_eq!((second.running, second.ended), (1, 0), "who left is no user any more");
}

#[test]
fn tags_shorten_a_visit() {
    let mut spec = RunSpec::new(vec![class("Buyer")]);
    spec.task_filter.exclude_tags = vec!["money".to_owned()];
    let simulated = run_for(&spec, 0.45);
    assert_eq!(simulated.deeds_of(1), ["arrive", "read", "read", "leave"]);
}

#[test]
fn a_visit_has_as_many_iterations_as_its_class_says_or_one() {
    let simulated = run_for(&RunSpec::new(vec![class("Gazer"), class("Courier")]), 2.5);
    let all = simulated.times("look");
    assert_eq!(rounded(&all), [0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0]);
    assert_eq!(rounded(&simulated.times("deliver")), [0.0, 1.0, 2.0]);
    let mut numbers: Vec<u32> = simulated.deeds.iter().map(|(who, ..)| *who).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 6, "{numbers:?}: each is a user of its own");
}

#[test]
fn visits_are_bounded_and_those_beyond_are_dropped() {
    let often = ClassSpec { load: Some(Load::Rate { rate: Rate(10.0) }), ..class("Buyer") };
    let users = ClassSpec::new("Gazer", 0);
    let spec = RunSpec { max_users: 2, ..RunSpec::new(vec![often, users]) };
    let simulated = run_for(&spec, 1.05);
    // Each takes 500 ms and some ticks of the timer, so that two of six find room.
    assert_eq!(rounded(&simulated.times("arrive")), [0.0, 0.1, 0.6, 0.7]);
    assert_eq!(simulated.delta.dropped, 7);
    let came: Vec<u32> = simulated
        .deeds
        .iter()
        .filter(|(_, did, _)| *did == "arrive")
        .map(|(who, ..)| *who)
        .collect();
    assert_eq!(came, [1, 3, 13, 15], "the number is that of the arrival");
}
