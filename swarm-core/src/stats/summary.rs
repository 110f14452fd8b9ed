//! What people read: the tables of the console and the lists of the result.

use super::batches::Batches;
use super::delta::Wire;
use super::distribution::Distribution;
use super::example::{Example, ExceptionExample};
use super::heat::Heat;
use super::keys::RequestKey;
use super::metrics::{Gauge, Trend};
use super::sample::Kind;
use crate::clock::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::ops::Deref;

/// Times in milliseconds; all absent when nothing was timed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "the names say it: p99_9 is the 99.9th percentile")]
pub struct TimesMs {
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub mean: Option<f64>,
    pub p50: Option<f64>,
    pub p66: Option<f64>,
    pub p75: Option<f64>,
    pub p80: Option<f64>,
    pub p90: Option<f64>,
    pub p95: Option<f64>,
    pub p98: Option<f64>,
    pub p99: Option<f64>,
    pub p99_9: Option<f64>,
    pub p99_99: Option<f64>,
}

impl From<&Distribution> for TimesMs {
    fn from(times: &Distribution) -> Self {
        let ms = |micros: Option<f64>| micros.map(|micros| micros / 1_000.0);
        let shares = [0.5, 0.66, 0.75, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 0.9999];
        let [p50, p66, p75, p80, p90, p95, p98, p99, p99_9, p99_99] =
            times.percentiles(shares).map(ms);
        let (min, max, mean) = (ms(times.min()), ms(times.max()), ms(times.mean()));
        Self { min, max, mean, p50, p66, p75, p80, p90, p95, p98, p99, p99_9, p99_99 }
    }
}

/// The figures of requests: of one entry, or of all.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Totals {
    /// Requests that ended, well or badly.
    pub requests: u64,
    /// Those that ended badly.
    pub failures: u64,
    /// Requests that were cut off; not among `requests`.
    pub interrupted: u64,
    /// Requests per second, from the start until users were told to stop.
    pub rps: f64,
    /// Bytes of answers.
    pub bytes: u64,
    /// Response times of all that ended.
    pub response_time_ms: TimesMs,
    /// Response times of those that ended well.
    pub ok_ms: TimesMs,
    /// Response times of those that ended badly.
    pub failed_ms: TimesMs,
    /// From when requests were due, or from their start without a due time; null where nothing had one.
    pub from_schedule_ms: Option<TimesMs>,
    /// Where the time went.
    pub phases_ms: PhasesMs,
    /// Requests that used a connection that was there already.
    pub reused: u64,
    /// Response times of all that ended, in microseconds: a standard HdrHistogram, V2 with compression, in base64. Null in live figures.
    pub histogram: Option<String>,
    /// Answers by HTTP status.
    #[serde(deserialize_with = "numbers_as_keys")]
    pub status: BTreeMap<u16, u64>,
    /// The last ten seconds. Null in the result.
    #[serde(default)]
    pub recent: Option<Recent>,
}

/// The figures of the last ten seconds that all shards have told of; at the beginning, of those that there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Recent {
    /// Requests per second.
    pub rps: f64,
    /// Failed requests per second.
    pub failures_per_s: f64,
    /// Median response time in milliseconds; null if no request ended.
    pub p50: Option<f64>,
    /// 95th percentile of the response time in milliseconds.
    pub p95: Option<f64>,
    /// 99th percentile of the response time in milliseconds.
    pub p99: Option<f64>,
}

/// The figures of a whole run: of all requests, and of what never came to be one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RunTotals {
    /// All requests.
    #[serde(flatten)]
    pub of_requests: Totals,
    /// Iterations that arrived while no user was free, and so did not take place.
    pub dropped: u64,
    /// Runs of tasks that were due and had not started at the end.
    pub missed: u64,
}

impl Deref for RunTotals {
    type Target = Totals;

    fn deref(&self) -> &Totals {
        &self.of_requests
    }
}

/// Keys of JSON are texts; where a struct is flattened into another one, serde does not read them as numbers by itself.
fn numbers_as_keys<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<u16, u64>, D::Error> {
    let texts = BTreeMap::<String, u64>::deserialize(from)?;
    let number = |(key, count): (String, u64)| Ok((key.parse().map_err(D::Error::custom)?, count));
    texts.into_iter().map(number).collect()
}

/// Where the time of requests went; null where none needed it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PhasesMs {
    /// Asking DNS.
    pub dns: Option<TimesMs>,
    /// Connecting by TCP.
    pub connect: Option<TimesMs>,
    /// Shaking hands by TLS.
    pub tls: Option<TimesMs>,
    /// From sending to the head of the answer.
    pub first_byte: Option<TimesMs>,
    /// Reading bodies that did not come at once.
    pub body: Option<TimesMs>,
}

/// Requests of one kind, method and name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RequestEntry {
    /// What sort of request.
    pub kind: Kind,
    /// `GET`, `POST`, …
    pub method: String,
    /// What it is reported as.
    pub name: String,
    /// Its figures.
    #[serde(flatten)]
    pub totals: Totals,
    /// How they went on through the run. Null in live figures, and in the row `(other)`.
    #[serde(default)]
    pub batches: Option<Batches>,
    /// A point for each second in which a request of it ended, with those of a warm-up. Null in live figures, where a handle of the run is asked for them, and of
    /// names beyond the first 5,000 of the run.
    #[serde(default)]
    pub history: Option<Vec<EntryPoint>>,
}

impl RequestEntry {
    /// A row without figures.
    pub(super) fn new(key: &RequestKey) -> Self {
        Self {
            kind: key.kind,
            method: key.method.to_string(),
            name: key.name.to_string(),
            totals: Totals::default(),
            batches: None,
            history: None,
        }
    }
}

/// Runs of one task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TaskEntry {
    /// Name of the class.
    pub class: String,
    /// Name of the task.
    pub task: String,
    /// Runs that ended.
    pub runs: u64,
    /// Those that ended in an error or a panic.
    pub errors: u64,
    /// Runs that were due and had not started at the end.
    pub missed: u64,
    /// From the real start, without declared waits.
    pub duration_ms: TimesMs,
    /// From when runs were due, or from their start without a due time; null where nothing had one.
    pub from_schedule_ms: Option<TimesMs>,
    /// How late runs started; null where nothing had due times.
    pub start_delay_ms: Option<TimesMs>,
}

/// Runs of all tasks of a class, those of its sets too.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClassFigures {
    /// Runs that ended.
    pub runs: u64,
    /// Those that ended in an error or a panic.
    pub errors: u64,
    /// Runs per second, from the start until users were told to stop.
    pub runs_per_s: f64,
    /// From the real start, without declared waits.
    pub duration_ms: TimesMs,
}

/// Failed requests of one cause.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FailureEntry {
    /// `GET`, `POST`, …
    pub method: String,
    /// What the request is reported as.
    pub name: String,
    /// The cause.
    pub error: String,
    /// How often.
    pub occurrences: u64,
    /// The first time.
    pub first_seen: Timestamp,
    /// The last time.
    pub last_seen: Timestamp,
    /// The first of them.
    pub example: Option<Example>,
}

/// Errors of tasks and listeners that are not failed requests, and panics, of one cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExceptionEntry {
    /// Name of the class.
    pub class: String,
    /// Name of the task, or `setup`, `on_start`, `on_stop`.
    pub task: String,
    /// The error, or the panic with its place.
    pub message: String,
    /// How often.
    pub occurrences: u64,
    /// The first time.
    pub first_seen: Timestamp,
    /// The last time.
    pub last_seen: Timestamp,
    /// The first of them, in full.
    pub example: Option<ExceptionExample>,
}

/// A figure of the user's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MetricEntry {
    /// Its name.
    pub name: String,
    /// What it is, and what was found.
    #[serde(flatten)]
    pub figures: MetricFigures,
}

/// What is known of a figure of the user's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it: p99_9 is the 99.9th percentile")]
pub enum MetricFigures {
    /// A sum.
    Counter {
        total: u64,
        /// Per second, from the start until users were told to stop.
        per_s: f64,
    },
    /// Something that goes up and down.
    Gauge {
        /// How often it was set.
        count: u64,
        last: f64,
        min: f64,
        max: f64,
        /// Of the values it was set to.
        mean: f64,
    },
    /// A distribution of values.
    Trend {
        /// How many values there were.
        count: u64,
        min: f64,
        max: f64,
        mean: f64,
        p50: f64,
        p90: f64,
        p95: f64,
        p99: f64,
        p99_9: f64,
    },
}

impl From<&Gauge> for MetricFigures {
    fn from(gauge: &Gauge) -> Self {
        let Gauge { spread, last, .. } = *gauge;
        let (count, min, max, mean) = (spread.count(), spread.min(), spread.max(), spread.mean());
        Self::Gauge { count, last, min, max, mean }
    }
}

impl From<&Trend> for MetricFigures {
    fn from(trend: &Trend) -> Self {
        let spread = trend.spread;
        let (count, min, max, mean) = (spread.count(), spread.min(), spread.max(), spread.mean());
        let [p50, p90, p95, p99, p99_9] = trend.percentiles([0.5, 0.9, 0.95, 0.99, 0.999]);
        Self::Trend { count, min, max, mean, p50, p90, p95, p99, p99_9 }
    }
}

/// One second of a run; of a long one, several: the means of rates, the sums of what the heatmap counts, and the highest of all else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HistoryPoint {
    /// Its end, in seconds since the start.
    pub t_s: f64,
    /// Users at its end.
    pub users: u32,
    /// Users that the load went to or held then; those that arriving iterations need are not planned.
    #[serde(default)]
    pub wanted: u32,
    /// Iterations that are running at its end.
    pub in_flight: u32,
    /// Iterations per second that arrived while no user was free.
    pub dropped_per_s: f64,
    /// Requests per second.
    pub rps: f64,
    /// Failed requests per second.
    pub failures_per_s: f64,
    /// Median response time in milliseconds.
    pub p50: Option<f64>,
    /// 95th percentile of the response time in milliseconds.
    pub p95: Option<f64>,
    /// 99th percentile of the response time in milliseconds.
    #[serde(default)]
    pub p99: Option<f64>,
    /// Longest response time in milliseconds.
    #[serde(default)]
    pub max: Option<f64>,
    /// How the response times spread.
    #[serde(default)]
    pub heat: Heat,
}

/// One second of one entry of requests; of a long run with many names, several: the means of rates, the sums of what the heatmap counts, and the longest times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EntryPoint {
    /// Its end, in seconds since the start.
    pub t_s: f64,
    /// Requests per second.
    pub rps: f64,
    /// Failed requests per second.
    pub failures_per_s: f64,
    /// Median response time in milliseconds.
    pub p50: f64,
    /// 95th percentile of the response time in milliseconds.
    pub p95: f64,
    /// 99th percentile of the response time in milliseconds.
    pub p99: f64,
    /// Longest response time in milliseconds.
    pub max: f64,
    /// How the response times spread.
    pub heat: Heat,
}

/// All figures of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    /// All requests, without steps; those of logins only if that was asked for.
    pub totals: RunTotals,
    /// Requests by kind, name and method.
    pub requests: Vec<RequestEntry>,
    /// Runs of tasks by class and task.
    pub tasks: Vec<TaskEntry>,
    /// Failed requests, the most frequent cause first.
    pub failures: Vec<FailureEntry>,
    /// Errors of tasks and panics, the most frequent first.
    pub exceptions: Vec<ExceptionEntry>,
    /// Attempts on the wire.
    pub wire: Wire,
    /// The slowest requests, the slowest first: ten at most.
    pub slowest: Vec<Example>,
    /// Figures of the user's own, by name.
    pub metrics: Vec<MetricEntry>,
}
