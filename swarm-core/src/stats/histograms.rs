//! How long requests and tasks took, counted in the same few buckets for all: what other systems add up and compare.

use super::delta::{RequestCounts, TaskCounts, judged};
use super::distribution::Distribution;
use super::keys::{Group, OTHER, RequestKey, TaskKey};
use serde::{Deserialize, Serialize};
use std::hash::Hash;

/// Times, counted in buckets.
///
/// ```
/// use std::time::Duration;
/// use swarm_core::stats::{Distribution, Histogram};
///
/// let mut times = Distribution::default();
/// [1, 1, 4].iter().for_each(|millis| times.record(Duration::from_millis(*millis)));
/// let histogram = Histogram::from(&times);
/// assert_eq!((histogram.count, histogram.sum_s), (3, 0.006));
/// let up_to_2_5_ms = Histogram::BOUNDS_S.iter().position(|bound| *bound == 0.0025);
/// assert_eq!(up_to_2_5_ms.map(|at| histogram.at_most[at]), Some(2));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    /// For each of the [bounds](Self::BOUNDS_S), how many times are not above it; each counts those below it too.
    pub at_most: Vec<u64>,
    /// How many there are, those above the last bound too.
    pub count: u64,
    /// Their sum in seconds.
    pub sum_s: f64,
}

impl Histogram {
    /// The bounds of all histograms, in seconds: five to a power of ten, from a tenth of a millisecond to a minute. Times are told apart from them within 0.1 %.
    pub const BOUNDS_S: [f64; 27] = [
        0.0001, 0.000_25, 0.0005, 0.001, 0.0015, 0.0025, 0.005, 0.0075, 0.01, 0.015, 0.025, 0.05,
        0.075, 0.1, 0.15, 0.25, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0, 7.5, 10.0, 15.0, 30.0, 60.0,
    ];

    fn add(&mut self, times: &Distribution) {
        let mut seen = Vec::with_capacity(Self::BOUNDS_S.len());
        let mut below = 0;
        times.each(|micros, count| {
            let is_below = |at: usize| micros as f64 > Self::BOUNDS_S[at] * 1e6;
            while seen.len() < Self::BOUNDS_S.len() && is_below(seen.len()) {
                seen.push(below);
            }
            below += count;
        });
        seen.resize(Self::BOUNDS_S.len(), below);
        self.at_most.resize(Self::BOUNDS_S.len(), 0);
        self.at_most.iter_mut().zip(seen).for_each(|(sum, seen)| *sum += seen);
        self.count += times.count();
        self.sum_s += times.sum() as f64 / 1e6;
    }
}

impl From<&Distribution> for Histogram {
    fn from(times: &Distribution) -> Self {
        let mut histogram = Self::default();
        histogram.add(times);
        histogram
    }
}

/// The histograms of a run: of all requests and runs of tasks that ended, well or badly.
///
/// The first entries that appeared are told apart, [as many](Self::MOST) of each sort, and stay so until figures are forgotten: no count ever goes back. All
/// others are those of one entry, whose name (and method, and class) is [`OTHER`]; of requests there is one for each kind.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Histograms {
    /// Response times of requests.
    pub requests: Vec<(RequestKey, Histogram)>,
    /// The same from when requests were due, or from their start without a due time; only entries of which something had one.
    pub from_schedule: Vec<(RequestKey, Histogram)>,
    /// Durations of tasks, from the real start, without declared waits.
    pub tasks: Vec<(TaskKey, Histogram)>,
}

impl Histograms {
    /// Entries of requests that are told apart, and of tasks.
    pub const MOST: usize = 200;

    pub(super) fn of<'a>(
        requests: &'a Group<RequestKey, RequestCounts>,
        tasks: &'a Group<TaskKey, TaskCounts>,
    ) -> Self {
        let other_request = |key: &RequestKey| {
            let kind = key.kind;
            RequestKey { kind, method: OTHER.into(), name: OTHER.into() }
        };
        let other_task = |_: &TaskKey| TaskKey { class: OTHER.into(), task: OTHER.into() };
        let times = |it: &'a RequestCounts| Some([&it.ok, &it.failed]);
        let from_schedule = |it: &'a RequestCounts| {
            let was_due = !it.from_schedule.is_empty() || !it.failed_from_schedule.is_empty();
            let failed = judged(&it.failed, &it.failed_from_schedule);
            was_due.then(|| [judged(&it.ok, &it.from_schedule), failed])
        };
        let requests = || requests.iter().map(|(key, counts)| (key, &*key.name, counts));
        let tasks = tasks.iter().map(|(key, counts)| (key, &*key.task, counts));
        Self {
            requests: bounded(requests(), times, other_request),
            from_schedule: bounded(requests(), from_schedule, other_request),
            tasks: bounded(tasks, |it| Some([&it.duration, &it.failed]), other_task),
        }
    }
}

/// The first rows, and the sums of the others. What had no row of its own before has none here, and what has no times has none either.
fn bounded<'a, K: Clone + Hash + Eq + 'a, C: 'a>(
    rows: impl Iterator<Item = (&'a K, &'a str, &'a C)>,
    times: impl Fn(&'a C) -> Option<[&'a Distribution; 2]>,
    other: impl Fn(&K) -> K,
) -> Vec<(K, Histogram)> {
    let mut sums: Group<K, Histogram> = Group::default();
    for (number, (key, name, counts)) in rows.enumerate() {
        let Some(times) = times(counts) else { continue };
        let has_its_own = number < Histograms::MOST && name != OTHER;
        let key = if has_its_own { key.clone() } else { other(key) };
        let sum = sums.entry(key).or_default();
        times.into_iter().for_each(|times| sum.add(times));
    }
    sums.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::recorded::record;
    use crate::stats::{Kind, Ledger, Phases, Recorder, Sample, SampleResult, TaskRun};
    use proptest::prelude::*;
    use std::time::Duration;

    fn names(histograms: &Histograms) -> Vec<&str> {
        histograms.requests.iter().map(|(key, _)| &*key.name).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// A time is in the first bucket whose bound it does not exceed, within 0.1 %.
        #[test]
        fn each_time_is_counted_below_the_bounds_that_it_keeps(
            times in proptest::collection::vec(1..90_000_000_u64, 0..60),
        ) {
            let mut all = Distribution::default();
            times.iter().for_each(|micros| all.record(Duration::from_micros(*micros)));
            let histogram = Histogram::from(&all);
            let below = |micros: f64| times.iter().filter(|time| **time as f64 <= micros).count();
            for (bound, at_most) in Histogram::BOUNDS_S.iter().zip(&histogram.at_most) {
                let (least, most) = (below(bound * 1e6), below(bound * 1e6 * 1.001));
                prop_assert!((least..=most).contains(&(*at_most as usize)), "{bound}: {at_most}");
            }
            prop_assert_eq!(histogram.count as usize, times.len());
            let sum: u64 = times.iter().sum();
            prop_assert!((histogram.sum_s - sum as f64 / 1e6).abs() < 1e-6);
        }
    }

    #[test]
    fn a_time_that_is_a_bound_is_not_above_it() {
        for bound in Histogram::BOUNDS_S {
            let mut times = Distribution::default();
            times.record(Duration::from_secs_f64(bound));
            let at_most = Histogram::from(&times).at_most;
            let expected = Histogram::BOUNDS_S.map(|other| u64::from(other >= bound));
            assert_eq!(at_most, expected, "{bound}");
        }
        assert!(Histogram::BOUNDS_S.is_sorted());
        assert_eq!(Histogram::from(&Distribution::default()).at_most, [0; 27]);
    }

    #[test]
    fn the_first_names_keep_their_rows_and_the_others_share_one() {
        let mut ledger = Ledger::default().with_limit(1_000);
        let mut recorder = Recorder::with_limit(usize::MAX);
        let mut first = Vec::new();
        for names_so_far in [150, 3_000, 5_000] {
            for name in 0..names_so_far {
                record(&mut recorder, &format!("/{name}"), 400, SampleResult::Ok);
            }
            record(&mut recorder, "/0", 400, SampleResult::Failed("why"));
            record(&mut recorder, "/0", 400, SampleResult::Interrupted);
            ledger.add(&recorder.drain());
            let histograms = ledger.histograms();
            if names_so_far == 150 {
                first = names(&histograms).into_iter().map(str::to_owned).collect();
                assert_eq!(first.len(), 150);
            }
            assert_eq!(names(&histograms)[..150], first, "{names_so_far}");
        }
        let histograms = ledger.histograms();
        assert_eq!(histograms.requests.len(), Histograms::MOST + 1);
        let (key, other) = histograms.requests.last().expect("the others");
        assert_eq!((&*key.method, &*key.name), (OTHER, OTHER));
        assert_eq!(other.count, 2_800 + 4_800);
        assert_eq!(histograms.requests[0].1.count, 6, "without the one that was cut off");
        let all: u64 = histograms.requests.iter().map(|(_, histogram)| histogram.count).sum();
        assert_eq!(all, ledger.summary(Duration::ZERO, false).totals.requests);
        let json = serde_json::to_string(&histograms).expect("a value");
        assert_eq!(serde_json::from_str::<Histograms>(&json).expect("the same"), histograms);
    }

    #[test]
    fn where_something_had_a_due_time_there_are_times_from_it() {
        let mut recorder = Recorder::default();
        record(&mut recorder, "/free", 400, SampleResult::Ok);
        record(&mut recorder, "/due", 400, SampleResult::Ok);
        let late = Some(Duration::from_secs(2));
        recorder.record(&Sample {
            kind: Kind::Http,
            method: "GET",
            name: "/due",
            response_time: Duration::from_micros(400),
            from_schedule: late,
            phases: Phases::default(),
            bytes: 0,
            status: None,
            result: SampleResult::Failed("why"),
        });
        let mut ledger = Ledger::default();
        ledger.add(&recorder.drain());
        let histograms = ledger.histograms();
        assert_eq!(names(&histograms), ["/free", "/due"]);
        let [(key, times)] = &histograms.from_schedule[..] else { panic!("one had a due time") };
        assert_eq!((&*key.name, times.count), ("/due", 2));
        assert_eq!(times.sum_s, 2.0004);
        assert_eq!(histograms.requests[1].1.sum_s, 0.0008);
    }

    #[test]
    fn runs_of_tasks_are_counted_whether_they_failed_or_not() {
        let mut recorder = Recorder::default();
        for failed in [false, true, false] {
            recorder.record_task(&TaskRun {
                class: "Shopper",
                task: "buy",
                duration: Duration::from_millis(30),
                from_schedule: None,
                start_delay: None,
                failed,
            });
        }
        let mut ledger = Ledger::default();
        ledger.add(&recorder.drain());
        let [(key, histogram)] = &ledger.histograms().tasks[..] else { panic!("one task") };
        assert_eq!((&*key.class, &*key.task, histogram.count), ("Shopper", "buy", 3));
    }
}
