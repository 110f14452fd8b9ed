//! Loads on paused time: stages and rates, of all and of a class.

use super::simulation::{Controls, Simulated, note, simulate_run};
use crate::event::Listeners;
use crate::plan::{ClassSpec, Load, RunSpec};
use crate::prelude::*;

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
