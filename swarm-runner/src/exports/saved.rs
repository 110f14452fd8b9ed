//! What of a result the page needs when it stands in a file: bounded, whatever the run was.

use serde::Serialize;
use serde_json::Value;
use std::cmp::Reverse;
use swarm_core::report::Report;
use swarm_core::stats::{EntryPoint, Heat, HistoryPoint, RequestEntry, RunTotals, Totals};

/// Bytes of JSON that rows may take.
const REQUESTS: usize = 1_200_000;
const OTHERS: usize = 200_000;
/// Most points of the history, and of those of all entries together.
const MOST_POINTS: usize = 600;
const MOST_OF_ENTRIES: usize = 2_000;
/// And of all that was observed.
const MOST_OBSERVED: usize = 6_000;

/// A result for the page.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct Saved {
    /// The result, with fewer rows and points if it is large.
    #[cfg_attr(feature = "schema", schemars(with = "Report"))]
    pub(super) report: Value,
    /// How many rows there is no room for.
    pub(super) left_out: LeftOut,
}

/// How many rows of each table are left out.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct LeftOut {
    pub(super) requests: usize,
    pub(super) tasks: usize,
    pub(super) failures: usize,
    pub(super) exceptions: usize,
}

impl Saved {
    pub(crate) fn of(report: &Report) -> Self {
        let requests = report.requests.iter().map(without_histogram).collect::<Vec<_>>();
        let of_request = |row: &RequestEntry| (row.totals.failures, row.totals.requests);
        let (mut requests, requests_left) = chosen(requests, of_request, REQUESTS);
        add_histories(&mut requests, report);
        let (tasks, tasks_left) =
            chosen(report.tasks.clone(), |row| (row.errors, row.runs), OTHERS);
        let (failures, failures_left) =
            chosen(report.failures.clone(), |row| (row.occurrences, 0), OTHERS);
        let (exceptions, exceptions_left) =
            chosen(report.exceptions.clone(), |row| (row.occurrences, 0), OTHERS);
        let left_out = LeftOut {
            requests: requests_left,
            tasks: tasks_left,
            failures: failures_left,
            exceptions: exceptions_left,
        };
        let mut report = value(&rest(report));
        let rows = [
            ("requests", value(&requests)),
            ("tasks", value(&tasks)),
            ("failures", value(&failures)),
            ("exceptions", value(&exceptions)),
        ];
        for (list, rows) in rows {
            report[list] = rows;
        }
        Self { report, left_out }
    }

    /// The same without what is null in rows.
    pub(super) fn stripped(mut self) -> Self {
        for list in ["requests", "tasks", "failures", "exceptions"] {
            strip(&mut self.report[list]);
        }
        self
    }
}

/// All but the rows.
fn rest(report: &Report) -> Report {
    let size = report.history.len().div_ceil(MOST_POINTS).max(1);
    let of_observed = (MOST_OBSERVED / report.observed.len().max(1)).clamp(4, MOST_POINTS);
    let totals = Totals { histogram: None, ..report.totals.of_requests.clone() };
    let (metrics, _) = chosen(report.metrics.clone(), |_| (0, 0), OTHERS);
    Report {
        schema: report.schema,
        swarm: report.swarm.clone(),
        run: report.run.clone(),
        outcome: report.outcome.clone(),
        thresholds: report.thresholds.clone(),
        capacity: report.capacity.clone(),
        totals: RunTotals { of_requests: totals, ..report.totals },
        requests: Vec::new(),
        wire: report.wire,
        tasks: Vec::new(),
        classes: report.classes.clone(),
        failures: Vec::new(),
        slowest: report.slowest.clone(),
        exceptions: Vec::new(),
        metrics,
        history: report.history.chunks(size).filter_map(HistoryPoint::joined).collect(),
        observed: report.observed.iter().map(|series| series.thinned(of_observed)).collect(),
        marks: report.marks.clone(),
    }
}

fn without_histogram(row: &RequestEntry) -> RequestEntry {
    RequestEntry {
        kind: row.kind,
        method: row.method.clone(),
        name: row.name.clone(),
        totals: Totals { histogram: None, ..row.totals.clone() },
        batches: None,
        history: None,
    }
}

/// As many rows as there is room for, those of the highest rank, in the order in which they were; and how many are left out.
fn chosen<T: Serialize>(rows: Vec<T>, rank: fn(&T) -> (u64, u64), room: usize) -> (Vec<T>, usize) {
    let mut ranked: Vec<(usize, T)> = rows.into_iter().enumerate().collect();
    let number = ranked.len();
    ranked.sort_by_key(|(_, row)| Reverse(rank(row)));
    let mut used = 0;
    let mut fits = |(_, row): &(usize, T)| {
        let mut row = value(row);
        strip(&mut row);
        used += row.to_string().len() + 1;
        used <= room
    };
    let most = ranked.iter().position(|row| !fits(row)).unwrap_or(number);
    ranked.truncate(most);
    ranked.sort_by_key(|(at, _)| *at);
    (ranked.into_iter().map(|(_, row)| row).collect(), number - most)
}

/// Gives the rows their points, as many as there may be of all of them.
fn add_histories(rows: &mut [RequestEntry], report: &Report) {
    let histories = || report.requests.iter().filter_map(|row| row.history.as_deref());
    let end = report.history.last().map_or(f64::INFINITY, |point| point.t_s);
    let whole = histories().flatten().map(|point| point.t_s).filter(|end| end.fract() == 0.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, positive")]
    let step = whole.fold(0, |step, end| divisor(end as u64, step)).max(1) as f64;
    let find = |row: &RequestEntry| {
        let same = |known: &&RequestEntry| {
            (known.kind, &known.method, &known.name) == (row.kind, &row.method, &row.name)
        };
        report.requests.iter().find(same).and_then(|known| known.history.as_deref())
    };
    let own: Vec<Option<&[EntryPoint]>> = rows.iter().map(find).collect();
    let mut length = step;
    let slots = |points: &[EntryPoint], length: f64| {
        points.chunk_by(|a, b| (a.t_s / length).ceil() == (b.t_s / length).ceil()).count()
    };
    while own.iter().flatten().map(|points| slots(points, length)).sum::<usize>() > MOST_OF_ENTRIES
        && length < end
    {
        length *= 2.0;
    }
    for (row, points) in rows.iter_mut().zip(own) {
        row.history = points.map(|points| thinned(points, step, length, end));
    }
}

fn divisor(one: u64, other: u64) -> u64 {
    if other == 0 { one } else { divisor(other, one % other) }
}

/// Points for slots of so many seconds instead of those of `step`: nothing that was counted is lost, nor a peak.
fn thinned(points: &[EntryPoint], step: f64, length: f64, end: f64) -> Vec<EntryPoint> {
    let start = |t_s: f64, length: f64| ((t_s / length).ceil() - 1.0) * length;
    let slots = points.chunk_by(|a, b| (a.t_s / length).ceil() == (b.t_s / length).ceil());
    let join = |slot: &[EntryPoint]| {
        let last = slot.last()?;
        let from = start(last.t_s, length);
        let t_s = (from + length).min(end.max(last.t_s));
        let mean = |of: fn(&EntryPoint) -> f64| {
            let counts = slot.iter().map(|point| of(point) * (point.t_s - start(point.t_s, step)));
            counts.sum::<f64>() / (t_s - from)
        };
        let peak = |of: fn(&EntryPoint) -> f64| slot.iter().map(of).fold(0.0, f64::max);
        let mut heat = Heat::default();
        slot.iter().for_each(|point| heat.merge(&point.heat));
        Some(EntryPoint {
            t_s,
            rps: mean(|point| point.rps),
            failures_per_s: mean(|point| point.failures_per_s),
            p50: peak(|point| point.p50),
            p95: peak(|point| point.p95),
            p99: peak(|point| point.p99),
            max: peak(|point| point.max),
            heat,
        })
    };
    slots.filter_map(join).collect()
}

fn value(of: &impl Serialize) -> Value {
    // None of ours has a map with keys that are no texts.
    serde_json::to_value(of).unwrap_or_default()
}

/// Takes out what is null in rows, which is most of what phases say: absent means the same there.
fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}
