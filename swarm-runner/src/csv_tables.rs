//! Locust's CSV tables, for the scripts that read them: the same headers and columns.
//!
//! Numbers have Locust's shape too: its readers call `int()` on the median and percentiles, which are whole milliseconds. Percentiles are those since the start, in
//! the history too, where Locust's are those of ten seconds if it is full. Errors have our words instead of Python's. Two tables more, of thresholds and of
//! levels, hold what Locust has no word for.

use csv::{Terminator, Writer, WriterBuilder};
use std::io::Write;
use swarm_core::clock::Timestamp;
use swarm_core::report::Report;
use swarm_core::stats::{HistoryPoint, TimesMs, Totals};

const PERCENTILES: [&str; 11] =
    ["50%", "66%", "75%", "80%", "90%", "95%", "98%", "99%", "99.9%", "99.99%", "100%"];
const STATS: [&str; 11] = [
    "Type",
    "Name",
    "Request Count",
    "Failure Count",
    "Median Response Time",
    "Average Response Time",
    "Min Response Time",
    "Max Response Time",
    "Average Content Size",
    "Requests/s",
    "Failures/s",
];
const HISTORY: [&str; 6] = ["Timestamp", "User Count", "Type", "Name", "Requests/s", "Failures/s"];
const HISTORY_TOTALS: [&str; 7] = [
    "Total Request Count",
    "Total Failure Count",
    "Total Median Response Time",
    "Total Average Response Time",
    "Total Min Response Time",
    "Total Max Response Time",
    "Total Average Content Size",
];
const LEVELS: [&str; 9] =
    ["Offered", "Unit", "Achieved/s", "In Flight", "50%", "95%", "99%", "Failures", "Passed"];
/// Rates in the history are of so many seconds, as Locust's "current" ones.
const WINDOW: usize = 10;

/// A line of a table.
pub(crate) type Row = Vec<String>;

/// Requests by name, and their sum.
pub(crate) fn requests(report: &Report) -> Vec<Row> {
    let header = STATS.iter().chain(&PERCENTILES).map(ToString::to_string).collect();
    let entries =
        report.requests.iter().map(|row| (row.method.as_str(), row.name.as_str(), &row.totals));
    let rows =
        entries.chain([("", "Aggregated", &*report.totals)]).map(|(method, name, totals)| {
            let mut row: Row = vec![method.into(), name.into()];
            row.extend(counts(totals));
            row.extend(rates(totals).map(float));
            row.extend(percentiles(&totals.response_time_ms));
            row
        });
    table(header, rows)
}

/// Failed requests by cause.
pub(crate) fn failures(report: &Report) -> Vec<Row> {
    let header = ["Method", "Name", "Error", "Occurrences", "First Seen", "Last Seen"];
    let rows = report.failures.iter().map(|row| {
        let [first, last] = [row.first_seen, row.last_seen].map(second);
        let count = row.occurrences.to_string();
        vec![row.method.clone(), row.name.clone(), row.error.clone(), count, first, last]
    });
    table(texts(&header), rows)
}

/// Errors of tasks by cause. Ours have a place in the message instead of a traceback, and there is one node.
pub(crate) fn exceptions(report: &Report) -> Vec<Row> {
    let rows = report.exceptions.iter().map(|row| {
        let place = format!("{}::{}", row.class, row.task);
        vec![row.occurrences.to_string(), row.message.clone(), place, "local".to_owned()]
    });
    table(texts(&["Count", "Message", "Traceback", "Nodes"]), rows)
}

/// The thresholds of the run, if it has any.
pub(crate) fn thresholds(report: &Report) -> Option<Vec<Row>> {
    if report.thresholds.is_empty() {
        return None;
    }
    let rows = report.thresholds.iter().map(|entry| {
        let first = entry.first_failed_s.map(|second| second.to_string());
        vec![
            entry.expression.to_string(),
            number(entry.value),
            entry.bound.to_string(),
            entry.passed.to_string(),
            first.unwrap_or_default(),
            entry.failed_for_s.to_string(),
        ]
    });
    let header = ["Threshold", "Value", "Bound", "Passed", "First Failed", "Failed For"];
    Some(table(texts(&header), rows))
}

/// The levels of a search for a limit, if it is one.
pub(crate) fn levels(report: &Report) -> Option<Vec<Row>> {
    let capacity = report.capacity.as_ref()?;
    let rows = capacity.levels.iter().map(|level| {
        vec![
            level.offered.to_string(),
            capacity.unit.to_string(),
            level.achieved.to_string(),
            level.in_flight.to_string(),
            number(level.p50),
            number(level.p95),
            number(level.p99),
            level.failures.to_string(),
            level.passed.to_string(),
        ]
    });
    Some(table(texts(&LEVELS), rows))
}

/// The header of the history.
pub(crate) fn history_header() -> Row {
    let all = HISTORY.iter().chain(&PERCENTILES).chain(&HISTORY_TOTALS);
    all.map(ToString::to_string).collect()
}

/// The lines of the history for a moment: one for all requests; if it is to be full, one for each name before it.
///
/// A result knows the last seconds of all requests only: at the end, rates of names are those since the start.
pub(crate) fn history(report: &Report, users: u32, full: bool) -> Vec<Row> {
    let now = (Timestamp::now().millis() / 1_000).to_string();
    let line = |method: &str, name: &str, totals: &Totals, at_the_end: [f64; 2]| {
        let rates = totals.recent.map_or(at_the_end, |recent| [recent.rps, recent.failures_per_s]);
        let mut row: Row = vec![now.clone(), users.to_string(), method.into(), name.into()];
        row.extend(rates.map(|rate| format!("{rate:.6}")));
        row.extend(percentiles(&totals.response_time_ms));
        row.extend(counts(totals));
        row
    };
    let entries = report.requests.iter().filter(|_| full);
    let entries = entries.map(|row| line(&row.method, &row.name, &row.totals, rates(&row.totals)));
    let recent = &report.history[report.history.len().saturating_sub(WINDOW)..];
    let all = line("", "Aggregated", &report.totals, mean_rates(recent));
    entries.chain([all]).collect()
}

/// A table as text.
pub(crate) fn text(rows: &[Row]) -> csv::Result<String> {
    let mut table = writer(Vec::new());
    rows.iter().try_for_each(|row| table.write_record(row))?;
    let bytes = table.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// As Python's csv module writes: lines end in `\r\n`.
pub(crate) fn writer<W: Write>(to: W) -> Writer<W> {
    WriterBuilder::new().terminator(Terminator::CRLF).from_writer(to)
}

fn table(header: Row, rows: impl Iterator<Item = Row>) -> Vec<Row> {
    [header].into_iter().chain(rows).collect()
}

fn texts(titles: &[&str]) -> Row {
    titles.iter().map(ToString::to_string).collect()
}

fn number(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Requests and failures per second, since the start.
fn rates(totals: &Totals) -> [f64; 2] {
    let failed =
        if totals.requests == 0 { 0.0 } else { totals.failures as f64 / totals.requests as f64 };
    [totals.rps, totals.rps * failed]
}

/// The same of these seconds.
fn mean_rates(seconds: &[HistoryPoint]) -> [f64; 2] {
    let mean = |of: fn(&HistoryPoint) -> f64| {
        seconds.iter().map(of).sum::<f64>() / seconds.len().max(1) as f64
    };
    [mean(|point| point.rps), mean(|point| point.failures_per_s)]
}

/// Requests, failures, median, average, minimum, maximum, average size. Without requests Locust has whole zeros, but for the average time.
fn counts(totals: &Totals) -> Row {
    let times = &totals.response_time_ms;
    let size = (totals.requests > 0).then(|| totals.bytes as f64 / totals.requests as f64);
    let or_zero = |value: Option<f64>| value.map_or_else(|| "0".to_owned(), float);
    vec![
        totals.requests.to_string(),
        totals.failures.to_string(),
        times.p50.map_or_else(|| "0".to_owned(), whole),
        float(times.mean.unwrap_or(0.0)),
        or_zero(times.min),
        or_zero(times.max),
        or_zero(size),
    ]
}

/// The percentiles of a row; `N/A` where nothing was timed.
fn percentiles(times: &TimesMs) -> Row {
    let TimesMs { p50, p66, p75, p80, p90, p95, p98, p99, p99_9, p99_99, max, .. } = *times;
    let all = [p50, p66, p75, p80, p90, p95, p98, p99, p99_9, p99_99, max];
    all.map(|value| value.map_or_else(|| "N/A".to_owned(), whole)).to_vec()
}

/// As Python prints a float: whole ones as `5.0`.
fn float(value: f64) -> String {
    format!("{value:?}")
}

fn whole(value: f64) -> String {
    format!("{value:.0}")
}

/// As `2026-11-23T20:18:31Z`.
fn second(time: Timestamp) -> String {
    let text = time.to_string();
    text.split_once('.').map_or_else(|| text.clone(), |(second, _)| format!("{second}Z"))
}
