//! Figures, from a sample to what people read.
//!
//! Each shard has a [`Recorder`]; once a second it hands over a [`Delta`], what is new since the last. A [`Ledger`] adds the deltas up, in whatever
//! order they come, and loses nothing by it; its [`Summary`] is what people read. A [`Timeline`] keeps one point a second, and
//! [`EntryTimelines`] the same of each entry.

mod distribution;
mod heat;
mod sample;
mod scarce;
mod keys;
mod example;
mod metrics;
mod delta;
mod recorder;
#[cfg(test)]
mod recorded;
mod batches;
mod summary;
mod window;
mod histograms;
mod ledger;
mod timeline;
mod entry_timelines;
mod observed;

pub use batches::Batches;
pub(crate) use delta::judged;
pub use delta::{Delta, Occurrences, PhaseCounts, RequestCounts, TaskCounts, Wire};
pub use distribution::Distribution;
pub use entry_timelines::EntryTimelines;
pub use example::{Example, Examples, ExceptionExample};
pub use heat::Heat;
pub use histograms::{Histogram, Histograms};
pub use keys::{Cause, Group, OTHER, RequestKey, TaskKey};
pub use ledger::Ledger;
pub use metrics::{Counter, Gauge, Metrics, Spread, Trend};
pub use observed::{Observed, ObservedPoint, ObservedSeries, ObservedValues};
pub use recorder::Recorder;
pub use sample::{Attempt, Kind, Phases, Sample, SampleResult, TaskRun};
pub use scarce::Scarce;
pub use summary::{
    ClassFigures, EntryPoint, ExceptionEntry, FailureEntry, HistoryPoint, MetricEntry,
    MetricFigures, PhasesMs, Recent, RequestEntry, RunTotals, Summary, TaskEntry, TimesMs, Totals,
};
pub use timeline::{Presence, Timeline};
