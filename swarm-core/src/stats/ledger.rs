//! The sum of all deltas.

use super::batches::BatchLedger;
use super::delta::{Delta, Occurrences, RequestCounts, TaskCounts, judged};
use super::distribution::Distribution;
use super::histograms::Histograms;
use super::keys::{Group, OTHER, RequestKey, TaskKey};
use super::metrics::{Counter, Gauge, Metrics, Trend};
use super::recorder::{MOST_CAUSES, MOST_METRICS, MOST_NAMES};
use super::summary::{
    ClassFigures, ExceptionEntry, FailureEntry, MetricEntry, MetricFigures, PhasesMs, RequestEntry,
    RunTotals, Summary, TaskEntry, TimesMs, Totals,
};
use super::window::Window;
use indexmap::map::Entry;
use std::hash::Hash;
use std::time::Duration;

/// Adds up what shards and workers hand over, in whatever order it comes.
///
/// Rows are bounded (5,000 names unless told otherwise, 500 causes, 500 counters, gauges and trends each); what is beyond is counted in a row `(other)`, and totals lose nothing.
#[derive(Debug, Clone)]
pub struct Ledger {
    sum: Delta,
    /// Of the requests in the sum, those that the totals count.
    all: RequestCounts,
    /// The rows of requests in their order, as they were last read: only those that have changed are made anew.
    rows: Group<RequestKey, RequestEntry>,
    batches: BatchLedger,
    recent: Window,
    with_logins: bool,
    names: usize,
}

impl Default for Ledger {
    fn default() -> Self {
        Self {
            sum: Delta::default(),
            all: RequestCounts::default(),
            rows: Group::default(),
            batches: BatchLedger::default(),
            recent: Window::default(),
            with_logins: false,
            names: MOST_NAMES,
        }
    }
}

impl Ledger {
    /// A ledger whose totals count requests of logins too, if that is wanted.
    #[must_use]
    pub fn with_logins(yes: bool) -> Self {
        Self { with_logins: yes, ..Self::default() }
    }

    /// The same, which tells this many names of requests apart.
    #[must_use]
    pub fn with_limit(self, names: usize) -> Self {
        Self { names, ..self }
    }

    /// Adds what is new.
    pub fn add(&mut self, delta: &Delta) {
        self.sum.merge(delta);
        let counted =
            delta.requests.iter().filter(|(key, _)| key.kind.is_counted(self.with_logins));
        counted.for_each(|(_, counts)| self.all.merge(counts));
        bound(&mut self.sum.requests, self.names, |key| key.other(), RequestCounts::merge);
        for causes in [&mut self.sum.failures, &mut self.sum.exceptions] {
            bound(causes, MOST_CAUSES, |_| [OTHER; 3].map(Into::into), Occurrences::merge);
        }
        let Metrics { counters, gauges, trends } = &mut self.sum.metrics;
        bound(counters, MOST_METRICS, |_| OTHER.into(), Counter::merge);
        bound(gauges, MOST_METRICS, |_| OTHER.into(), Gauge::merge);
        bound(trends, MOST_METRICS, |_| OTHER.into(), Trend::merge);
        let failures = &self.sum.failures;
        self.sum.examples.failed.retain(|cause, _| failures.contains_key(cause));
        let exceptions = &self.sum.exceptions;
        self.sum.examples.exceptions.retain(|cause, _| exceptions.contains_key(cause));
    }

    /// Adds what is new from the second of the run with this number (from 0); seconds may come in any order.
    pub fn add_second(&mut self, number: u64, delta: &Delta) {
        self.add(delta);
        let known = &self.sum.requests;
        self.batches.add(number, delta, |key| known.contains_key(key));
    }

    /// Closes the second with this number, which was `span` long and whose figures, `delta`, were all added. Seconds come in their order; what is recent is as
    /// seen from the last that was closed.
    pub fn close_second(&mut self, number: u64, delta: &Delta, span: Duration) {
        let Self { sum, recent, with_logins, .. } = self;
        let known = &sum.requests;
        let row_of = |key: &RequestKey| {
            if known.contains_key(key) { key.clone() } else { key.clone().other() }
        };
        recent.add(number, span, delta, row_of, |key| key.kind.is_counted(*with_logins));
    }

    /// Forgets everything.
    pub fn reset(&mut self) {
        *self = Self { names: self.names, ..Self::with_logins(self.with_logins) };
    }

    /// What people read, with rates over the measured time; histograms are costly and only wanted at the end.
    #[must_use]
    pub fn summary(&mut self, measured: Duration, histograms: bool) -> Summary {
        self.refresh(measured);
        let mut of_requests = totals(&self.all);
        of_requests.rps = rate(&self.all, measured);
        let mut requests: Vec<RequestEntry> = self.rows.values().cloned().collect();
        if histograms {
            of_requests.histogram = Some(self.all.ended().to_base64());
            for (row, key) in requests.iter_mut().zip(self.rows.keys()) {
                let counts = self.sum.requests.get(key);
                row.totals.histogram = counts.map(|counts| counts.ended().to_base64());
                row.batches = self.batches.of(key);
            }
        } else {
            of_requests.recent = Some(self.recent.of_all());
            for (row, key) in requests.iter_mut().zip(self.rows.keys()) {
                row.totals.recent = Some(self.recent.of(key));
            }
        }
        Summary {
            totals: RunTotals {
                of_requests,
                dropped: self.sum.dropped,
                missed: self.sum.tasks.values().map(|counts| counts.missed).sum(),
            },
            requests,
            tasks: self.tasks(),
            failures: self.failures(),
            exceptions: self.exceptions(),
            wire: self.sum.wire,
            slowest: self.sum.examples.slow.clone(),
            metrics: self.metrics(measured),
        }
    }

    /// How long the requests and runs of tasks took that a summary counts, in few buckets.
    #[must_use]
    pub fn histograms(&self) -> Histograms {
        Histograms::of(&self.sum.requests, &self.sum.tasks)
    }

    /// Makes those rows of requests anew that have changed since the last time; only rates change by themselves.
    fn refresh(&mut self, measured: Duration) {
        let known = self.rows.len();
        for (key, counts) in &self.sum.requests {
            let row = self.rows.entry(key.clone()).or_insert_with(|| RequestEntry::new(key));
            if !is_of(&row.totals, counts) {
                row.totals = totals(counts);
            }
            row.totals.rps = rate(counts, measured);
        }
        if self.rows.len() > known {
            self.rows.sort_by(|a, _, b, _| {
                (a.kind, &a.name, &a.method).cmp(&(b.kind, &b.name, &b.method))
            });
        }
    }

    /// The runs of all tasks of a class, with rates over the measured time.
    #[must_use]
    pub fn of_class(&self, class: &str, measured: Duration) -> ClassFigures {
        let mut all = TaskCounts::default();
        let tasks = self.sum.tasks.iter().filter(|(key, _)| *key.class == *class);
        tasks.for_each(|(_, counts)| all.merge(counts));
        let mut ended = all.duration;
        ended.merge(&all.failed);
        ClassFigures {
            runs: ended.count(),
            errors: all.failed.count(),
            runs_per_s: per_second(ended.count() - all.drained, measured),
            duration_ms: TimesMs::from(&ended),
        }
    }

    fn tasks(&self) -> Vec<TaskEntry> {
        let mut tasks: Vec<TaskEntry> =
            self.sum.tasks.iter().map(|(key, counts)| task(key, counts)).collect();
        tasks.sort_by(|a, b| (&a.class, &a.task).cmp(&(&b.class, &b.task)));
        tasks
    }

    fn failures(&self) -> Vec<FailureEntry> {
        let mut rows: Vec<FailureEntry> = self
            .sum
            .failures
            .iter()
            .map(|(cause @ [method, name, error], seen)| FailureEntry {
                method: method.to_string(),
                name: name.to_string(),
                error: error.to_string(),
                occurrences: seen.count,
                first_seen: seen.first_seen,
                last_seen: seen.last_seen,
                example: self.sum.examples.failed.get(cause).cloned(),
            })
            .collect();
        rows.sort_by_key(|row| (u64::MAX - row.occurrences, row.name.clone(), row.error.clone()));
        rows
    }

    fn metrics(&self, measured: Duration) -> Vec<MetricEntry> {
        let Metrics { counters, gauges, trends } = &self.sum.metrics;
        let counters = counters.iter().map(|(name, counter)| {
            let per_s = per_second(counter.total.saturating_sub(counter.drained), measured);
            (name, MetricFigures::Counter { total: counter.total, per_s })
        });
        let gauges = gauges.iter().map(|(name, gauge)| (name, MetricFigures::from(gauge)));
        let trends = trends.iter().map(|(name, trend)| (name, MetricFigures::from(trend)));
        let all = counters.chain(gauges).chain(trends);
        let mut rows: Vec<MetricEntry> =
            all.map(|(name, figures)| MetricEntry { name: name.to_string(), figures }).collect();
        // Of one name, in the order of their types.
        rows.sort_by(|a, b| a.name.cmp(&b.name));
        rows
    }

    fn exceptions(&self) -> Vec<ExceptionEntry> {
        let mut rows: Vec<ExceptionEntry> = self
            .sum
            .exceptions
            .iter()
            .map(|(cause @ [class, task, message], seen)| ExceptionEntry {
                class: class.to_string(),
                task: task.to_string(),
                message: message.to_string(),
                occurrences: seen.count,
                first_seen: seen.first_seen,
                last_seen: seen.last_seen,
                example: self.sum.examples.exceptions.get(cause).cloned(),
            })
            .collect();
        rows.sort_by_key(|row| (u64::MAX - row.occurrences, row.task.clone(), row.message.clone()));
        rows
    }
}

/// A part of what was measured, per second.
fn per_second(part: u64, measured: Duration) -> f64 {
    let seconds = measured.as_secs_f64();
    if seconds > 0.0 { part as f64 / seconds } else { 0.0 }
}

/// Counts the rows beyond the first `most` under other keys.
fn bound<K: Hash + Eq, V>(
    rows: &mut Group<K, V>,
    most: usize,
    other: impl Fn(K) -> K,
    merge: fn(&mut V, &V),
) {
    if rows.len() <= most {
        return;
    }
    // The other rows of the last time are among these, and become what they were.
    for (key, value) in rows.split_off(most) {
        match rows.entry(other(key)) {
            Entry::Occupied(mut known) => merge(known.get_mut(), &value),
            Entry::Vacant(new) => drop(new.insert(value)),
        }
    }
}

/// Whether these are the figures of these counts: whatever is counted, one of these numbers grows.
fn is_of(totals: &Totals, counts: &RequestCounts) -> bool {
    let RequestCounts { ok, failed, interrupted, .. } = counts;
    [totals.requests, totals.failures, totals.interrupted]
        == [ok.count() + failed.count(), failed.count(), interrupted.count()]
}

/// Requests per second, until users were told to stop.
fn rate(counts: &RequestCounts, measured: Duration) -> f64 {
    per_second(counts.ok.count() + counts.failed.count() - counts.drained, measured)
}

/// All that does not change with time.
fn totals(counts: &RequestCounts) -> Totals {
    let ended = counts.ended();
    let response_time_ms = TimesMs::from(&*ended);
    let all_ok = counts.failed.is_empty();
    Totals {
        requests: ended.count(),
        failures: counts.failed.count(),
        interrupted: counts.interrupted.count(),
        bytes: counts.bytes,
        response_time_ms,
        ok_ms: if all_ok { response_time_ms } else { TimesMs::from(&counts.ok) },
        failed_ms: TimesMs::from(&counts.failed),
        from_schedule_ms: from_schedule(
            [&counts.ok, &counts.from_schedule],
            [&counts.failed, &counts.failed_from_schedule],
        ),
        phases_ms: PhasesMs {
            dns: some(&counts.phases.dns),
            connect: some(&counts.phases.connect),
            tls: some(&counts.phases.tls),
            first_byte: some(&counts.phases.first_byte),
            body: some(&counts.phases.body),
        },
        reused: counts.phases.reused,
        status: counts.status.iter().copied().collect(),
        ..Totals::default()
    }
}

fn task(key: &TaskKey, counts: &TaskCounts) -> TaskEntry {
    let mut ended = counts.duration.clone();
    ended.merge(&counts.failed);
    TaskEntry {
        class: key.class.to_string(),
        task: key.task.to_string(),
        runs: ended.count(),
        errors: counts.failed.count(),
        missed: counts.missed,
        duration_ms: TimesMs::from(&ended),
        from_schedule_ms: from_schedule(
            [&counts.duration, &counts.from_schedule],
            [&counts.failed, &counts.failed_from_schedule],
        ),
        start_delay_ms: some(&counts.start_delay),
    }
}

/// The times of all that ended as seen from the schedule, of those that ended well and of those that did not; none if nothing had a due time.
fn from_schedule(ok: [&Distribution; 2], failed: [&Distribution; 2]) -> Option<TimesMs> {
    let was_due = !ok[1].is_empty() || !failed[1].is_empty();
    was_due.then(|| {
        let mut all = judged(ok[0], ok[1]).clone();
        all.merge(judged(failed[0], failed[1]));
        TimesMs::from(&all)
    })
}

fn some(times: &Distribution) -> Option<TimesMs> {
    (!times.is_empty()).then(|| TimesMs::from(times))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Kind, Phases, Recorder, Sample, SampleResult, TaskRun};

    #[test]
    fn as_many_names_are_told_apart_as_are_wanted() {
        let mut ledger = Ledger::default().with_limit(3);
        for names in [0..2, 2..4, 4..10] {
            let mut recorder = Recorder::default();
            for index in names {
                recorder.record(&Sample {
                    kind: Kind::Http,
                    method: "GET",
                    name: &format!("/{index}"),
                    response_time: Duration::from_millis(index),
                    from_schedule: None,
                    phases: Phases::default(),
                    bytes: 0,
                    status: None,
                    result: SampleResult::Ok,
                });
            }
            ledger.add(&recorder.drain());
        }
        let summary = ledger.summary(Duration::from_secs(10), true);
        let rows = summary.requests.iter().map(|row| (&*row.name, row.totals.requests));
        let expected = [("(other)", 7), ("/0", 1), ("/1", 1), ("/2", 1)];
        assert_eq!(rows.collect::<Vec<_>>(), expected);
        assert_eq!(summary.totals.requests, 10);
        ledger.reset();
        assert_eq!(ledger.names, 3, "the limit stays");
    }

    #[test]
    fn the_figures_of_a_class_are_those_of_all_its_tasks() {
        let mut recorder = Recorder::default();
        let run = |recorder: &mut Recorder, class, task, ms, failed| {
            let duration = Duration::from_millis(ms);
            let (from_schedule, start_delay) = (None, None);
            recorder.record_task(&TaskRun {
                class,
                task,
                duration,
                from_schedule,
                start_delay,
                failed,
            });
        };
        run(&mut recorder, "Shopper", "buy", 10, false);
        run(&mut recorder, "Shopper", "forum::read", 30, true);
        run(&mut recorder, "Visitor", "look", 500, false);
        recorder.stop_measuring();
        run(&mut recorder, "Shopper", "buy", 20, false);
        let mut ledger = Ledger::default();
        ledger.add(&recorder.drain());
        let found = ledger.of_class("Shopper", Duration::from_secs(10));
        assert_eq!(
            (found.runs, found.errors, found.runs_per_s),
            (3, 1, 0.2),
            "one was in the drain"
        );
        let times = found.duration_ms;
        assert_eq!((times.min, times.mean, times.max), (Some(10.0), Some(20.0), Some(30.0)));
        assert_eq!(ledger.of_class("Nobody", Duration::from_secs(10)), ClassFigures::default());
    }
}
