//! Putting the shards' reports together, second by second.

use super::shard::seat::{ClassUsers, Figures, PERIOD};
use crate::stats::{Delta, Presence};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// The seconds that not all shards have reported yet.
pub(super) struct Seconds {
    /// Per shard: its seconds before this one are complete.
    complete: Vec<u64>,
    open: BTreeMap<u64, Second>,
}

/// One second of a run, on all shards.
#[derive(Default)]
pub(super) struct Second {
    pub(super) number: u64,
    pub(super) delta: Delta,
    /// The longest lag of any shard.
    pub(super) lag: Duration,
    users: Vec<ClassUsers>,
}

impl Seconds {
    pub(super) fn new(shards: usize) -> Self {
        Self { complete: vec![0; shards], open: BTreeMap::new() }
    }

    /// Adds a report. Returns the seconds that are complete by it, in order.
    ///
    /// A shard that was held up reports once for all the seconds that it missed.
    pub(super) fn add(&mut self, report: Figures) -> Vec<Second> {
        let number = report.second;
        self.complete[report.shard] = if report.last { u64::MAX } else { number + 1 };
        let second =
            self.open.entry(number).or_insert_with(|| Second { number, ..Second::default() });
        second.delta.merge(&report.delta);
        second.lag = second.lag.max(report.lag);
        second.users.extend(report.users);
        let complete = self.complete.iter().min().copied().unwrap_or(0);
        let open = self.open.split_off(&complete);
        std::mem::replace(&mut self.open, open).into_values().collect()
    }

    /// How many shards have not said their last.
    pub(super) fn unfinished(&self) -> usize {
        self.complete.iter().filter(|complete| **complete < u64::MAX).count()
    }

    /// The seconds that some shard did not report, in order.
    pub(super) fn rest(&mut self) -> Vec<Second> {
        std::mem::take(&mut self.open).into_values().collect()
    }
}

impl Second {
    /// Users in all, those still logging in too.
    pub(super) fn users(&self) -> u32 {
        self.users.iter().map(|users| users.starting + users.running).sum()
    }

    /// Who is there, where so many are wanted.
    pub(super) fn presence(&self, wanted: u32) -> Presence {
        Presence { users: self.users(), wanted, in_flight: self.in_flight() }
    }

    /// Iterations that are running.
    pub(super) fn in_flight(&self) -> u32 {
        self.users.iter().map(|users| users.in_flight).sum()
    }

    /// Users of each of so many classes.
    pub(super) fn by_class(&self, classes: usize) -> Vec<u32> {
        let mut counts = vec![0; classes];
        for shard in self.users.chunks(classes.max(1)) {
            for (count, users) in counts.iter_mut().zip(shard) {
                *count += users.starting + users.running;
            }
        }
        counts
    }

    /// Users at work.
    pub(super) fn running(&self) -> u32 {
        self.users.iter().map(|users| users.running).sum()
    }

    /// Users that have ended by themselves.
    pub(super) fn ended(&self) -> u32 {
        self.users.iter().map(|users| users.ended).sum()
    }

    /// When it was over, since the start of the run.
    pub(super) fn end(&self) -> Duration {
        PERIOD * u32::try_from(self.number + 1).unwrap_or(u32::MAX)
    }

    /// How long it was: less than a second for the last one.
    pub(super) fn span(&self, origin: Instant) -> Duration {
        let began = PERIOD * u32::try_from(self.number).unwrap_or(u32::MAX);
        origin.elapsed().saturating_sub(began).min(PERIOD)
    }
}
