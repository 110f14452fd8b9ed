//! Locust's CSV files, for the scripts that read them: the same names, headers and columns.
//!
//! `_stats`, `_failures` and `_exceptions` are written anew each second and at the end; `_stats_history` grows by a second at a time. Unlike Locust's, what
//! stands in the files at the end is the end of the run. Percentiles are those since the start, in the history too. Two more, `_thresholds` and `_levels`, hold
//! what Locust has no word for, if there is any.

use crate::error::UsageError;
use crate::output;
use csv::{Terminator, Writer, WriterBuilder};
use std::fs::{File, create_dir_all};
use std::path::{Path, PathBuf};
use swarm_core::clock::Timestamp;
use swarm_core::engine::Snapshot;
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
/// Rates in the history are of this long, as Locust's "current" ones.
const WINDOW: usize = 10;

/// The four files of a run.
pub(crate) struct CsvFiles {
    prefix: PathBuf,
    history: Writer<File>,
    /// Whether the history has a line for each name.
    full: bool,
}

type Row = Vec<String>;

impl CsvFiles {
    /// Makes the files, with their headers.
    pub(crate) fn create(prefix: &Path, full: bool) -> Result<Self, UsageError> {
        let path = file(prefix, "_stats_history.csv");
        if let Some(folder) = prefix.parent() {
            create_dir_all(folder).map_err(|error| bad(folder, &error))?;
        }
        let file = File::create(&path).map_err(|error| bad(&path, &error))?;
        let mut history = writer().from_writer(file);
        let header = HISTORY.iter().chain(&PERCENTILES).chain(&HISTORY_TOTALS);
        history.write_record(header).map_err(|error| bad(&path, &error))?;
        history.flush().map_err(|error| bad(&path, &error))?;
        Ok(Self { prefix: prefix.to_owned(), history, full })
    }

    /// Writes how far the run is.
    pub(crate) fn update(&mut self, snapshot: &Snapshot) -> Result<(), UsageError> {
        let Some(report) = &snapshot.report else { return Ok(()) };
        self.add_history(report, snapshot.users)?;
        self.write(report)
    }

    /// Writes the end of the run.
    pub(crate) fn finish(&mut self, report: &Report) -> Result<(), UsageError> {
        self.add_history(report, 0)?;
        self.write(report)
    }

    fn add_history(&mut self, report: &Report, users: u32) -> Result<(), UsageError> {
        let path = file(&self.prefix, "_stats_history.csv");
        let now = (Timestamp::now().millis() / 1_000).to_string();
        let recent = &report.history[report.history.len().saturating_sub(WINDOW)..];
        let entries = report.requests.iter().filter(|_| self.full);
        let entries = entries.map(|row| (row.method.as_str(), row.name.as_str(), &row.totals));
        for (method, name, totals) in entries.chain([("", "Aggregated", &*report.totals)]) {
            let rates = if name == "Aggregated" { current(recent) } else { rates(totals) };
            let mut row: Row = vec![now.clone(), users.to_string(), method.into(), name.into()];
            row.extend(rates.map(|rate| format!("{rate:.6}")));
            row.extend(percentiles(&totals.response_time_ms));
            row.extend(counts(totals));
            self.history.write_record(row).map_err(|error| bad(&path, &error))?;
        }
        self.history.flush().map_err(|error| bad(&path, &error))
    }

    fn write(&self, report: &Report) -> Result<(), UsageError> {
        let header = STATS.iter().chain(&PERCENTILES).map(ToString::to_string).collect();
        let entries =
            report.requests.iter().map(|row| (row.method.as_str(), row.name.as_str(), &row.totals));
        let stats =
            entries.chain([("", "Aggregated", &*report.totals)]).map(|(method, name, totals)| {
                let mut row: Row = vec![method.into(), name.into()];
                row.extend(counts(totals));
                row.extend(rates(totals).map(|rate| rate.to_string()));
                row.extend(percentiles(&totals.response_time_ms));
                row
            });
        self.table("_stats.csv", header, stats)?;

        let header = ["Method", "Name", "Error", "Occurrences", "First Seen", "Last Seen"];
        let failures = report.failures.iter().map(|row| {
            let (first, last) = (row.first_seen.to_string(), row.last_seen.to_string());
            let count = row.occurrences.to_string();
            vec![row.method.clone(), row.name.clone(), row.error.clone(), count, first, last]
        });
        self.table("_failures.csv", header.map(str::to_owned).to_vec(), failures)?;

        // Ours have a place in the message instead of a traceback, and there is one node.
        let header = ["Count", "Message", "Traceback", "Nodes"].map(str::to_owned).to_vec();
        let exceptions = report.exceptions.iter().map(|row| {
            let place = format!("{}::{}", row.class, row.task);
            vec![row.occurrences.to_string(), row.message.clone(), place, "local".to_owned()]
        });
        self.table("_exceptions.csv", header, exceptions)?;
        self.write_judgement(report)
    }

    /// What Locust's files have no place for.
    fn write_judgement(&self, report: &Report) -> Result<(), UsageError> {
        let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        if !report.thresholds.is_empty() {
            let header = ["Threshold", "Value", "Bound", "Passed", "First Failed", "Failed For"];
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
            self.table("_thresholds.csv", header.map(str::to_owned).to_vec(), rows)?;
        }
        let Some(capacity) = &report.capacity else { return Ok(()) };
        let header = [
            "Offered",
            "Unit",
            "Achieved/s",
            "In Flight",
            "50%",
            "95%",
            "99%",
            "Failures",
            "Passed",
        ];
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
        self.table("_levels.csv", header.map(str::to_owned).to_vec(), rows)
    }

    fn table(
        &self,
        end: &str,
        header: Row,
        rows: impl Iterator<Item = Row>,
    ) -> Result<(), UsageError> {
        let path = file(&self.prefix, end);
        let mut table = writer().from_writer(Vec::new());
        for row in [header].into_iter().chain(rows) {
            table.write_record(row).map_err(|error| bad(&path, &error))?;
        }
        let text = table.into_inner().map_err(|error| bad(&path, &error))?;
        output::write(&path, &String::from_utf8_lossy(&text))
    }
}

/// As Python's csv module writes: lines end in `\r\n`.
fn writer() -> WriterBuilder {
    let mut builder = WriterBuilder::new();
    builder.terminator(Terminator::CRLF);
    builder
}

fn file(prefix: &Path, end: &str) -> PathBuf {
    let mut path = prefix.as_os_str().to_owned();
    path.push(end);
    path.into()
}

fn bad(path: &Path, error: &dyn std::fmt::Display) -> UsageError {
    UsageError::new(format!("can't write {}: {error}", path.display()))
        .help("choose another place for --csv")
}

/// Requests and failures per second, since the start.
fn rates(totals: &Totals) -> [f64; 2] {
    let failed =
        if totals.requests == 0 { 0.0 } else { totals.failures as f64 / totals.requests as f64 };
    [totals.rps, totals.rps * failed]
}

/// The same of the last seconds.
fn current(recent: &[HistoryPoint]) -> [f64; 2] {
    let mean = |of: fn(&HistoryPoint) -> f64| {
        recent.iter().map(of).sum::<f64>() / recent.len().max(1) as f64
    };
    [mean(|point| point.rps), mean(|point| point.failures_per_s)]
}

/// Requests, failures, median, average, minimum, maximum, average size.
fn counts(totals: &Totals) -> Row {
    let times = &totals.response_time_ms;
    let size =
        if totals.requests == 0 { 0.0 } else { totals.bytes as f64 / totals.requests as f64 };
    let ms = |value: Option<f64>| value.unwrap_or(0.0).to_string();
    let times = [times.p50, times.mean, times.min, times.max].map(ms);
    let counts = [totals.requests.to_string(), totals.failures.to_string()];
    counts.into_iter().chain(times).chain([size.to_string()]).collect()
}

/// The percentiles of a row; `N/A` where nothing was timed.
fn percentiles(times: &TimesMs) -> Row {
    let TimesMs { p50, p66, p75, p80, p90, p95, p98, p99, p99_9, p99_99, max, .. } = *times;
    let all = [p50, p66, p75, p80, p90, p95, p98, p99, p99_9, p99_99, max];
    all.map(|value| value.map_or_else(|| "N/A".to_owned(), |ms| ms.to_string())).to_vec()
}
