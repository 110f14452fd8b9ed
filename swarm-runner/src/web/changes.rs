//! What has changed between two snapshots: what a page that has seen the first needs for the second.

use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;
use swarm_core::engine::{RunState, Snapshot};
use swarm_core::report::Report;

/// How far a run is, with what has changed.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct Update {
    /// Which run of this program, from 1; 0 before the first.
    pub(super) run: u32,
    /// Whether it replaces everything; else lists hold only what has changed.
    pub(super) full: bool,
    /// How far the run is.
    pub(super) state: RunState,
    /// Seconds since its start.
    pub(super) elapsed_s: f64,
    /// How long it takes, in seconds; null if it goes on until it is stopped.
    pub(super) length_s: Option<f64>,
    /// Users there are.
    pub(super) users: u32,
    /// Users that the load goes to or holds.
    pub(super) wanted: u32,
    /// Iterations that arrive per second.
    pub(super) rate: f64,
    /// Iterations that are running.
    pub(super) in_flight: u32,
    /// Why it ended, or is ending.
    pub(super) why: Option<String>,
    /// The figures: requests, tasks, failures and exceptions only where counts have changed, of the history only new points. Null if there are none yet.
    pub(super) report: Option<Arc<Report>>,
}

/// What is new since `before`; everything, if there is nothing before it, or if that does not count any more.
pub(super) fn update(before: Option<&Snapshot>, now: &Snapshot) -> Update {
    let since = before.filter(|before| goes_on(before, now));
    let report =
        now.report.as_ref().map(|report| match since.and_then(|before| before.report.as_ref()) {
            Some(before) => Arc::new(changed(before, report)),
            None => Arc::clone(report),
        });
    let length = now.report.as_ref().and_then(|report| report.run.spec.length());
    Update {
        run: now.run,
        full: since.is_none(),
        state: now.state,
        elapsed_s: now.elapsed.as_secs_f64(),
        length_s: length.map(|length| length.as_secs_f64()),
        users: now.users,
        wanted: now.wanted,
        rate: now.rate,
        in_flight: now.in_flight,
        why: now.why.as_ref().map(ToString::to_string),
        report,
    }
}

/// Whether the second goes on where the first was: the same run, not over, nothing forgotten.
fn goes_on(before: &Snapshot, now: &Snapshot) -> bool {
    let from = |snapshot: &Snapshot| {
        snapshot.report.as_ref().map(|report| report.run.measured_from_s.to_bits())
    };
    before.run == now.run && now.state != RunState::Stopped && from(before) == from(now)
}

/// The report with those rows only that have changed.
fn changed(before: &Report, now: &Report) -> Report {
    let last = before.history.last().map_or(f64::NEG_INFINITY, |point| point.t_s);
    let seen = now.history.partition_point(|point| point.t_s <= last);
    Report {
        schema: now.schema,
        swarm: now.swarm.clone(),
        run: now.run.clone(),
        outcome: now.outcome.clone(),
        thresholds: now.thresholds.clone(),
        capacity: now.capacity.clone(),
        totals: now.totals.clone(),
        requests: rows(&before.requests, &now.requests, |row| {
            let counts = (row.totals.requests, row.totals.failures, row.totals.interrupted);
            ((row.kind, &row.method, &row.name), counts)
        }),
        wire: now.wire,
        tasks: rows(&before.tasks, &now.tasks, |row| {
            ((&row.class, &row.task), (row.runs, row.errors, row.missed))
        }),
        classes: now.classes.clone(),
        failures: rows(&before.failures, &now.failures, |row| {
            ((&row.method, &row.name, &row.error), row.occurrences)
        }),
        slowest: now.slowest.clone(),
        exceptions: rows(&before.exceptions, &now.exceptions, |row| {
            ((&row.class, &row.task, &row.message), row.occurrences)
        }),
        metrics: now.metrics.clone(),
        history: now.history[seen..].to_vec(),
        marks: now.marks.clone(),
    }
}

/// The rows that are new, or whose counts are.
fn rows<'a, T: Clone, K: Eq + Hash, C: PartialEq>(
    before: &'a [T],
    now: &'a [T],
    split: impl Fn(&'a T) -> (K, C),
) -> Vec<T> {
    let before: HashMap<K, C> = before.iter().map(&split).collect();
    let is_new = |row: &&'a T| {
        let (key, counts) = split(row);
        before.get(&key) != Some(&counts)
    };
    now.iter().filter(is_new).cloned().collect()
}
