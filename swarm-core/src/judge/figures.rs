//! What thresholds judge: the figures of one subject, added up.

use crate::stats::{
    Delta, Distribution, Kind, RequestCounts, RequestKey, TaskCounts, TaskKey, judged,
};
use crate::threshold::{Measure, Subject, Threshold};
use std::time::Duration;

/// Where a subject's figures stand among those of a second.
#[derive(Debug, Clone)]
pub(super) enum Keys {
    /// All requests that totals have, with or without those of logins.
    All {
        with_logins: bool,
    },
    /// A request, of any kind.
    Requests([RequestKey; 4]),
    Task(TaskKey),
    Class(String),
}

impl Keys {
    pub(super) fn of(subject: &Subject, with_logins: bool) -> Self {
        match subject {
            Subject::All => Self::All { with_logins },
            Subject::Request { method, name } => {
                let key =
                    |kind| RequestKey { kind, method: (**method).into(), name: (**name).into() };
                Self::Requests([Kind::Http, Kind::Probe, Kind::Auth, Kind::Step].map(key))
            }
            Subject::Task { class, task } => {
                Self::Task(TaskKey { class: (**class).into(), task: (**task).into() })
            }
            Subject::Class(class) => Self::Class(class.clone()),
        }
    }

    /// The subject's figures in these.
    pub(super) fn figures(&self, delta: &Delta) -> Figures {
        let mut figures = Figures::default();
        match self {
            Self::All { with_logins } => {
                let rows = delta.requests.iter();
                rows.filter(|(key, _)| key.kind.is_counted(*with_logins))
                    .for_each(|(_, counts)| figures.add_requests(counts));
            }
            Self::Requests(keys) => keys
                .iter()
                .filter_map(|key| delta.requests.get(key))
                .for_each(|counts| figures.add_requests(counts)),
            Self::Task(key) => delta.tasks.get(key).iter().for_each(|it| figures.add_runs(it)),
            Self::Class(class) => {
                let rows = delta.tasks.iter().filter(|(key, _)| *key.class == **class);
                rows.for_each(|(_, counts)| figures.add_runs(counts));
            }
        }
        figures
    }
}

/// The figures of one subject, of a second or of more.
///
/// Times are those that are judged: as seen from the schedule, where anything had a due time.
#[derive(Debug, Clone, Default)]
pub(super) struct Figures {
    /// Times of what ended well.
    ok: Distribution,
    /// Times of what failed, and ages of what was cut off.
    bad: Distribution,
    /// What came to its end, well or badly.
    ended: u64,
    /// What ended badly.
    failed: u64,
    /// What ended after users were told to stop.
    drained: u64,
}

impl Figures {
    pub(super) fn add_requests(&mut self, counts: &RequestCounts) {
        let failed = judged(&counts.failed, &counts.failed_from_schedule);
        self.add_ended(judged(&counts.ok, &counts.from_schedule), failed, counts.drained);
        self.bad.merge(&counts.interrupted);
    }

    fn add_runs(&mut self, counts: &TaskCounts) {
        let failed = judged(&counts.failed, &counts.failed_from_schedule);
        self.add_ended(judged(&counts.duration, &counts.from_schedule), failed, counts.drained);
    }

    fn add_ended(&mut self, ok: &Distribution, failed: &Distribution, drained: u64) {
        self.ok.merge(ok);
        self.bad.merge(failed);
        self.ended += ok.count() + failed.count();
        self.failed += failed.count();
        self.drained += drained;
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.ok.merge(&other.ok);
        self.bad.merge(&other.bad);
        self.ended += other.ended;
        self.failed += other.failed;
        self.drained += other.drained;
    }

    /// How much was seen, of whatever end.
    pub(super) fn count(&self) -> u64 {
        self.ok.count() + self.bad.count()
    }

    /// What a threshold is judged by, in its unit; none if there is nothing to judge. Rates are over the measured time.
    pub(super) fn value(&self, threshold: &Threshold, measured: Duration) -> Option<f64> {
        let ms = |micros: f64| micros / 1_000.0;
        match threshold.measure {
            Measure::Percentile(percent) => {
                self.times(threshold.bound).percentiles([percent / 100.0])[0].map(ms)
            }
            Measure::Mean => self.times(threshold.bound).mean().map(ms),
            Measure::Failures => {
                (self.ended > 0).then(|| self.failed as f64 * 100.0 / self.ended as f64)
            }
            Measure::Rps => {
                let seconds = measured.as_secs_f64();
                (seconds > 0.0).then(|| (self.ended - self.drained) as f64 / seconds)
            }
        }
    }

    /// How many were over a bound that may be over it in some share, and of how many: too slow for a percentile, or failed. None for other measures.
    pub(super) fn over(&self, threshold: &Threshold) -> Option<[u64; 2]> {
        match threshold.measure {
            Measure::Percentile(_) => {
                let times = self.times(threshold.bound);
                // Times are whole microseconds: one that is the bound itself does not keep `<`.
                let least = if threshold.holds(threshold.bound) { 0.0 } else { 0.5 };
                let over = times.above(threshold.bound * 1_000.0 - least);
                Some([over.count(), times.count()])
            }
            Measure::Failures => Some([self.failed, self.ended]),
            Measure::Mean | Measure::Rps => None,
        }
    }

    /// The times that a bound in milliseconds is judged by: of what ended well, and of the rest what had taken longer than the bound by then.
    ///
    /// What failed or was cut off sooner says nothing of how long an answer takes.
    fn times(&self, bound: f64) -> Distribution {
        let mut times = self.ok.clone();
        times.merge(&self.bad.above(bound * 1_000.0));
        times
    }
}
