//! What has changed between two snapshots: what a page that has seen the first needs for the second.

use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::hash::Hash;
use swarm_core::engine::{RunState, Snapshot};
use swarm_core::plan::Load;
use swarm_core::report::Report;
use swarm_core::stats::{EntryPoint, ObservedSeries, RequestEntry, RunTotals, Totals};

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
    /// The run's load as it was started, or changed last; null before the first run.
    pub(super) load: Option<Load>,
    /// Why it ended, or is ending.
    pub(super) why: Option<String>,
    /// The figures: requests, tasks, failures and exceptions only where counts have changed, of the history and of what is observed only new points. Null if there are none yet.
    pub(super) report: Option<Report>,
    /// New points of the entry that was asked for, all of them if this replaces everything; null if none was asked for, or there is no such entry.
    pub(super) entry: Option<Vec<EntryPoint>>,
}

/// What is new since `before`; everything, if there is nothing before it, or if that does not count any more.
pub(super) fn update(before: Option<&Snapshot>, now: &Snapshot) -> Update {
    let since = before.filter(|before| goes_on(before, now));
    let seen = since.and_then(|before| before.report.as_deref());
    let report = now.report.as_ref().map(|report| changed(seen, report));
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
        load: now.load.clone(),
        why: now.why.as_ref().map(ToString::to_string),
        report,
        entry: None,
    }
}

/// Whether the second goes on where the first was: the same run, not over, nothing forgotten.
fn goes_on(before: &Snapshot, now: &Snapshot) -> bool {
    let from = |snapshot: &Snapshot| {
        snapshot.report.as_ref().map(|report| report.run.measured_from_s.to_bits())
    };
    before.run == now.run && now.state != RunState::Stopped && from(before) == from(now)
}

/// The report with those rows only that have changed, and without what pages don't show of them.
fn changed(before: Option<&Report>, now: &Report) -> Report {
    let last = before.and_then(|before| before.history.last()).map(|point| point.t_s);
    let seen = now.history.partition_point(|point| last.is_some_and(|last| point.t_s <= last));
    let totals = Totals { histogram: None, ..now.totals.of_requests.clone() };
    let [dropped, missed] = [now.totals.dropped, now.totals.missed];
    Report {
        schema: now.schema,
        swarm: now.swarm.clone(),
        run: now.run.clone(),
        outcome: now.outcome.clone(),
        thresholds: now.thresholds.clone(),
        capacity: now.capacity.clone(),
        totals: RunTotals { of_requests: totals, dropped, missed },
        requests: requests(before.map(|it| it.requests.as_slice()), &now.requests),
        wire: now.wire,
        tasks: rows(before.map(|it| it.tasks.as_slice()), &now.tasks, |row| {
            ((&row.class, &row.task), (row.runs, row.errors, row.missed))
        }),
        classes: now.classes.clone(),
        failures: rows(before.map(|it| it.failures.as_slice()), &now.failures, |row| {
            ((&row.method, &row.name, &row.error), row.occurrences)
        }),
        slowest: now.slowest.clone(),
        exceptions: rows(before.map(|it| it.exceptions.as_slice()), &now.exceptions, |row| {
            ((&row.class, &row.task, &row.message), row.occurrences)
        }),
        metrics: now.metrics.clone(),
        history: now.history[seen..].to_vec(),
        observed: observed(before.map(|it| it.observed.as_slice()), &now.observed),
        marks: now.marks.clone(),
    }
}

/// All series that are observed, with the points that are new.
fn observed(before: Option<&[ObservedSeries]>, now: &[ObservedSeries]) -> Vec<ObservedSeries> {
    let key = |series: &ObservedSeries| (series.name.clone(), series.labels.clone());
    let last = |series: &ObservedSeries| series.points.last().map(|point| point.t_s);
    let seen: HashMap<_, _> =
        before.into_iter().flatten().map(|series| (key(series), last(series))).collect();
    let new = |series: &ObservedSeries| {
        let last = seen.get(&key(series)).copied().flatten();
        series.since(last.unwrap_or(f64::NEG_INFINITY))
    };
    now.iter().map(new).collect()
}

/// The rows of requests that are new, or whose counts or last seconds are.
fn requests(before: Option<&[RequestEntry]>, now: &[RequestEntry]) -> Vec<RequestEntry> {
    let rows = changes(before, now, |row| {
        let Totals { requests, failures, interrupted, recent, .. } = row.totals;
        ((row.kind, &row.method, &row.name), (requests, failures, interrupted, recent))
    });
    let shown = |row: &RequestEntry| RequestEntry {
        kind: row.kind,
        method: row.method.clone(),
        name: row.name.clone(),
        totals: Totals { histogram: None, ..row.totals.clone() },
        batches: None,
        history: None,
    };
    rows.map(shown).collect()
}

fn rows<'a, T: Clone, K: Eq + Hash, C: PartialEq>(
    before: Option<&'a [T]>,
    now: &'a [T],
    split: impl Fn(&'a T) -> (K, C),
) -> Vec<T> {
    changes(before, now, split).cloned().collect()
}

/// The rows that are new, or that count something else than before; each has a key and what it counts.
fn changes<'a, T, K: Eq + Hash, C: PartialEq>(
    before: Option<&'a [T]>,
    now: &'a [T],
    split: impl Fn(&'a T) -> (K, C),
) -> impl Iterator<Item = &'a T> {
    let before: HashMap<K, C> = before.into_iter().flatten().map(&split).collect();
    now.iter().filter(move |row| {
        let (key, counts) = split(row);
        before.get(&key) != Some(&counts)
    })
}
