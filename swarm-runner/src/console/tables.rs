//! The tables at the end of a run, as Locust prints them, and the line that says how it ended.

use super::numbers::{count, ms, rate, share, value};
use super::table::{Column, numbers, table, words};
use std::time::Duration;
use swarm_core::duration;
use swarm_core::judge::search::{Capacity, LevelEntry};
use swarm_core::judge::{Ending, ThresholdEntry, exit_code};
use swarm_core::report::Report;
use swarm_core::stats::{Kind, MetricEntry, MetricFigures, ObservedSeries, Totals};

/// All tables of a finished run.
pub(crate) fn results(report: &Report) -> String {
    let mut parts = vec![requests(report), percentiles(report)];
    if !report.failures.is_empty() {
        parts.push(format!("Error report\n{}", failures(report)));
    }
    if !report.exceptions.is_empty() {
        parts.push(format!("Exceptions\n{}", exceptions(report)));
    }
    if !report.metrics.is_empty() {
        parts.push(format!("Metrics\n{}", metrics(report)));
    }
    if !report.observed.is_empty() {
        parts.push(format!("Observed\n{}", observed(report)));
    }
    if !report.thresholds.is_empty() {
        parts.push(format!("Thresholds\n{}", thresholds(report)));
    }
    if let Some(capacity) = &report.capacity {
        parts.push(format!("Levels of load\n{}", levels(capacity)));
    }
    parts.join("\n")
}

/// The table of requests; the live screen shows it too.
pub(super) fn requests(report: &Report) -> String {
    const COLUMNS: [Column; 10] = [
        words("Type"),
        words("Name"),
        numbers("# reqs"),
        numbers("# fails"),
        numbers("Avg").after_bar(),
        numbers("Min"),
        numbers("Max"),
        numbers("Med"),
        numbers("req/s").after_bar(),
        numbers("failures/s"),
    ];
    let row = |kind: &str, name: &str, totals: &Totals| {
        let times = &totals.response_time_ms;
        let per_second = |part: u64| match totals.requests {
            0 => 0.0,
            all => totals.rps * part as f64 / all as f64,
        };
        [
            kind.to_owned(),
            name.to_owned(),
            count(totals.requests),
            share(totals.failures, totals.requests),
            ms(times.mean),
            ms(times.min),
            ms(times.max),
            ms(times.p50),
            rate(totals.rps),
            rate(per_second(totals.failures)),
        ]
    };
    let rows: Vec<_> = report
        .requests
        .iter()
        .map(|entry| row(&kind(entry.kind, &entry.method), &entry.name, &entry.totals))
        .collect();
    table(COLUMNS, &rows, &[row("", "Aggregated", &report.totals)])
}

fn percentiles(report: &Report) -> String {
    const COLUMNS: [Column; 14] = [
        words("Type"),
        words("Name"),
        numbers("50%").after_bar(),
        numbers("66%"),
        numbers("75%"),
        numbers("80%"),
        numbers("90%"),
        numbers("95%"),
        numbers("98%"),
        numbers("99%"),
        numbers("99.9%"),
        numbers("99.99%"),
        numbers("100%"),
        numbers("# reqs").after_bar(),
    ];
    let row = |kind: &str, name: &str, totals: &Totals| {
        let times = &totals.response_time_ms;
        [
            kind.to_owned(),
            name.to_owned(),
            ms(times.p50),
            ms(times.p66),
            ms(times.p75),
            ms(times.p80),
            ms(times.p90),
            ms(times.p95),
            ms(times.p98),
            ms(times.p99),
            ms(times.p99_9),
            ms(times.p99_99),
            ms(times.max),
            count(totals.requests),
        ]
    };
    let rows: Vec<_> = report
        .requests
        .iter()
        .map(|entry| row(&kind(entry.kind, &entry.method), &entry.name, &entry.totals))
        .collect();
    let sums = [row("", "Aggregated", &report.totals)];
    format!("Response time percentiles (ms)\n{}", table(COLUMNS, &rows, &sums))
}

/// The column "Type": the method, marked where it is a login, which the sum leaves out, as it does steps.
pub(crate) fn kind(kind: Kind, method: &str) -> String {
    match kind {
        Kind::Http | Kind::Probe | Kind::Step => method.to_owned(),
        Kind::Auth => format!("{method} (auth)"),
    }
}

fn failures(report: &Report) -> String {
    let rows: Vec<_> = report
        .failures
        .iter()
        .map(|row| [count(row.occurrences), format!("{} {}: {}", row.method, row.name, row.error)])
        .collect();
    table([numbers("# occurrences"), words("Error").after_bar()], &rows, &[])
}

fn exceptions(report: &Report) -> String {
    let rows: Vec<_> = report
        .exceptions
        .iter()
        .map(|row| {
            [count(row.occurrences), format!("{}::{}: {}", row.class, row.task, row.message)]
        })
        .collect();
    table([numbers("# occurrences"), words("Exception").after_bar()], &rows, &[])
}

/// Figures of the user's own; the count is the sum of a counter, and the number of values of the others.
fn metrics(report: &Report) -> String {
    const COLUMNS: [Column; 11] = [
        words("Type"),
        words("Name"),
        numbers("Count").after_bar(),
        numbers("per s"),
        numbers("Last").after_bar(),
        numbers("Avg"),
        numbers("Min"),
        numbers("Max"),
        numbers("50%").after_bar(),
        numbers("95%"),
        numbers("99%"),
    ];
    let row = |MetricEntry { name, figures }: &MetricEntry| {
        let (kind, counted, figures) = match figures {
            MetricFigures::Counter { total, per_s } => {
                ("counter", total, [Some(per_s), None, None, None, None, None, None, None])
            }
            MetricFigures::Gauge { count, last, min, max, mean } => {
                let values = [None, Some(last), Some(mean), Some(min), Some(max), None, None, None];
                ("gauge", count, values)
            }
            MetricFigures::Trend { count, min, max, mean, p50, p95, p99, .. } => {
                let [mean, min, max, p50, p95, p99] = [mean, min, max, p50, p95, p99].map(Some);
                ("trend", count, [None, None, mean, min, max, p50, p95, p99])
            }
        };
        let [per_s, last, mean, min, max, p50, p95, p99] = figures.map(|of| value(of.copied()));
        let (kind, name, counted) = (kind.to_owned(), name.clone(), count(*counted));
        [kind, name, counted, per_s, last, mean, min, max, p50, p95, p99]
    };
    let rows: Vec<_> = report.metrics.iter().map(row).collect();
    table(COLUMNS, &rows, &[])
}

/// What the target did in the measured time, by who observes it.
fn observed(report: &Report) -> String {
    const COLUMNS: [Column; 5] = [
        words("Name"),
        words("Series"),
        numbers("Avg").after_bar(),
        numbers("Max"),
        numbers("Last"),
    ];
    let rows: Vec<_> = report.observed.iter().map(observed_cells).collect();
    table(COLUMNS, &rows, &[])
}

/// What a query is called, the labels of a series, and its mean, highest and last value.
pub(crate) fn observed_cells(series: &ObservedSeries) -> [String; 5] {
    let labels = series.labels.iter().map(|(name, value)| format!("{name}={value:?}"));
    let labels: Vec<String> = labels.collect();
    let [mean, max, last] = [series.mean, series.max, series.last].map(value);
    [series.name.clone(), labels.join(", "), mean, max, last]
}

/// Thresholds with what they were judged by, and when they failed; the live screen shows them too.
pub(super) fn thresholds(report: &Report) -> String {
    const COLUMNS: [Column; 5] = [
        words("Result"),
        words("Threshold"),
        numbers("Value").after_bar(),
        numbers("First failed").after_bar(),
        numbers("For"),
    ];
    let rows: Vec<_> = report.thresholds.iter().map(threshold_cells).collect();
    table(COLUMNS, &rows, &[])
}

/// Whether a threshold held, the threshold, what it was judged by, when it failed first, and for how long.
pub(crate) fn threshold_cells(entry: &ThresholdEntry) -> [String; 5] {
    let word = match (entry.passed, entry.value) {
        (true, _) => "passed",
        (false, Some(_)) => "FAILED",
        (false, None) => "NO DATA",
    };
    let [first, long] = match entry.first_failed_s {
        Some(first) => {
            [first, entry.failed_for_s].map(|seconds| duration::text(Duration::from_secs(seconds)))
        }
        None => ["-", "-"].map(str::to_owned),
    };
    [word.to_owned(), entry.expression.to_string(), entry.value_text(), first, long]
}

/// The levels that a search for a limit held, in their order; the live screen shows them too.
pub(super) fn levels(capacity: &Capacity) -> String {
    const COLUMNS: [Column; 8] = [
        words("Result"),
        numbers("Offered"),
        numbers("Achieved/s"),
        numbers("In flight"),
        numbers("50%").after_bar(),
        numbers("95%"),
        numbers("99%"),
        numbers("failures").after_bar(),
    ];
    let rows: Vec<_> = capacity.levels.iter().map(|level| level_cells(capacity, level)).collect();
    table(COLUMNS, &rows, &[])
}

/// Whether a level held, what was offered and achieved, iterations in flight, three percentiles, and failures.
pub(crate) fn level_cells(capacity: &Capacity, level: &LevelEntry) -> [String; 8] {
    let offered = format!("{} {}", level.offered, capacity.unit);
    [
        if level.passed { "passed" } else { "FAILED" }.to_owned(),
        if capacity.knee == Some(level.offered) { format!("{offered} (knee)") } else { offered },
        rate(level.achieved),
        rate(level.in_flight),
        ms(level.p50),
        ms(level.p95),
        ms(level.p99),
        format!("{:.2}%", level.failures),
    ]
}

/// How the run ended, and why the exit code is what it is.
pub(crate) fn closing(report: &Report, why: &Ending) -> String {
    let outcome = &report.outcome;
    let verdict = if outcome.exit_code == exit_code::PASSED { "passed" } else { "failed" };
    // A tenth of a second is what people read.
    let tenths =
        ((report.run.measured_from_s + report.run.duration_s).max(0.0) * 10.0).round() / 10.0;
    let after = duration::text(Duration::from_secs_f64(tenths));
    let ended = match why {
        Ending::CouldNotStart { .. } => format!("ended after {after}"),
        why => format!("ended after {after} because {why}"),
    };
    let left = [
        (report.totals.interrupted, "interrupted at the end"),
        (report.totals.dropped, "iterations dropped, because no user was free (--max-users)"),
        (report.totals.missed, "due and not started at the end"),
    ];
    let left = left.iter().filter(|(some, _)| *some > 0);
    let left: String = left.map(|(some, what)| format!("; {} {what}", count(*some))).collect();
    let spec = &report.run.spec;
    let name = spec.name.as_ref().map(|name| format!("run: {name}\n"));
    // Each line of them stands to the right, so that it can't be taken for one of ours.
    let notes = spec.notes.as_ref().map(|notes| notes.replace('\n', "\n       "));
    let notes = notes.map(|notes| format!("notes: {notes}\n"));
    let label = format!("{}{}", name.unwrap_or_default(), notes.unwrap_or_default());
    let reasons = outcome.reasons.join("; ");
    format!("{label}{verdict}: {reasons}{left}; {ended} (exit code {})", outcome.exit_code)
}
