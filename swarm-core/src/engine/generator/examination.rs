//! Examining the generator while a run goes on: each second as a whole, and a hundred times a second what its shards do.

use super::lookout::{Blocked, INTERVAL, Lookout};
use super::machine::Machine;
use crate::context::Pulse;
use crate::engine::seconds::Second;
use crate::judge::{Checkup, Health, Validity, Vitals};
use crate::plan::RunSpec;
use crate::stats::{Scarce, Summary};
use crate::user::UserClass;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// What is known of the generator of a run.
pub(crate) struct Examination {
    checkup: Checkup,
    machine: Machine,
    lookout: Lookout,
    ticks: Interval,
    /// How many seconds were examined, those of a warm-up too.
    seconds: u64,
    /// What was seen in the last of them.
    vitals: Option<Vitals>,
}

impl Examination {
    /// Of shards with these pulses, which run users of these classes.
    pub(crate) fn new(
        spec: &RunSpec,
        classes: &[&'static UserClass],
        pulses: Vec<Arc<Pulse>>,
    ) -> Self {
        let mut ticks = interval(INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            checkup: Checkup::new(spec.validity),
            machine: Machine::new(),
            lookout: Lookout::new(pulses, classes, &spec.task_filter),
            ticks,
            seconds: 0,
            vitals: None,
        }
    }

    /// Resolves when it is time to look at the shards.
    pub(crate) async fn due(&mut self) {
        self.ticks.tick().await;
    }

    /// Looks at the shards.
    pub(crate) fn look(&mut self) {
        for Blocked { class, task, time } in self.lookout.look() {
            self.checkup.blocked(class, &task, time);
        }
    }

    /// Takes in a second that all shards have reported, with its p95 in milliseconds; figures that don't count are only noted as seen. Returns what speaks
    /// against the second.
    pub(crate) fn close(
        &mut self,
        second: &Second,
        p95: Option<f64>,
        counts: bool,
    ) -> Option<String> {
        let usage = self.machine.usage();
        let passed = second.number + 1 - self.seconds.min(second.number);
        self.seconds = second.number + 1;
        let vitals = Vitals {
            at_s: self.seconds as f64,
            seconds: u32::try_from(passed).unwrap_or(u32::MAX),
            lag: second.lag,
            p95: p95.map(|ms| Duration::from_secs_f64(ms / 1_000.0)),
            cpu: usage.cpu,
            steal: usage.steal,
            throttled: usage.throttled,
        };
        self.vitals = Some(vitals);
        if !counts {
            return None;
        }
        self.checkup.lacks(second.delta.scarce);
        let evidence = self.checkup.look(&vitals);
        if second.delta.scarce == Scarce::default() {
            evidence
        } else {
            Some("file descriptors or ports ran out".to_owned())
        }
    }

    /// What was seen in the last second.
    pub(crate) fn vitals(&self) -> Option<Vitals> {
        self.vitals
    }

    /// Forgets what was seen so far.
    pub(crate) fn reset(&mut self) {
        self.checkup.reset();
    }

    /// Tasks that keep their thread now, in words.
    pub(crate) fn blocking(&self) -> Option<String> {
        let tasks: Vec<String> =
            self.lookout.blocking().iter().map(|it| format!("{}::{}", it.class, it.task)).collect();
        (!tasks.is_empty()).then(|| tasks.join(", "))
    }

    /// Whether the measurement can be trusted; these figures are known to be missing.
    pub(crate) fn verdict(&self, summary: &Summary, missing: &[String]) -> (Validity, Health) {
        let missed = summary.tasks.iter().map(|task| task.missed).sum();
        let runs: u64 = summary.tasks.iter().map(|task| task.runs).sum();
        self.checkup.verdict(missed, runs + missed, missing)
    }
}
