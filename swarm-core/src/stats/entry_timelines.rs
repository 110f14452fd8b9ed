//! The history of each entry of requests, in bounded memory however long a run is and however many names it has.

use super::delta::{Delta, RequestCounts};
use super::heat::Heat;
use super::keys::{Group, RequestKey, RequestRef};
use super::sample::Kind;
use super::summary::EntryPoint;
use std::time::Duration;

/// Most points of all entries together; each has some hundred bytes. Beyond, neighbours are joined.
const MOST_POINTS: usize = 50_000;
/// Most points of one entry: an hour of seconds.
const MOST_OF_ONE: usize = 3_600;
/// Most entries, unless fewer are wanted; the requests of all others are those of a row `(other)`.
const MOST_ENTRIES: usize = 5_000;

/// For each entry of requests a point for each second in which a request of it ended; of a long run with many names one for every two seconds, then four, and
/// so on, for all entries alike.
///
/// Joined points keep the mean of rates, the sum of what the heatmap counts, and the maximum of times, so that no peak is lost.
#[derive(Debug, Clone)]
pub struct EntryTimelines {
    rows: Group<RequestKey, Vec<Slot>>,
    names: usize,
    /// Points stand for 2 to the power of this many seconds.
    joined: u32,
    /// When the last second ended, in seconds since the start of the run.
    end_s: f64,
}

/// What becomes a point.
#[derive(Debug, Clone)]
struct Slot {
    /// Which it is of the equal slots of time since the start of the run.
    number: u64,
    requests: u64,
    failures: u64,
    /// p50, p95, p99 and the maximum in milliseconds.
    times: [f64; 4],
    heat: Heat,
}

impl Default for EntryTimelines {
    fn default() -> Self {
        Self { rows: Group::default(), names: MOST_ENTRIES, joined: 0, end_s: 0.0 }
    }
}

impl EntryTimelines {
    /// Of this many names of requests, but 5,000 at most.
    #[must_use]
    pub fn with_limit(names: usize) -> Self {
        Self { names: names.min(MOST_ENTRIES), ..Self::default() }
    }

    /// Adds the second with this number (from 0), which was `span` long; seconds come in their order, and only the last of a run is shorter than a second.
    pub fn push(&mut self, number: u64, delta: &Delta, span: Duration) {
        if span.is_zero() {
            return;
        }
        self.end_s = number as f64 + span.as_secs_f64();
        for (key, counts) in &delta.requests {
            let Some(slot) = Slot::of(number >> self.joined, counts) else { continue };
            let has_its_own = self.rows.contains_key(key) || self.rows.len() < self.names;
            let key = if has_its_own { key.clone() } else { key.clone().other() };
            add(self.rows.entry(key).or_default(), slot);
        }
        // Of each entry one point is left at last, and there are fewer entries than points.
        while self.are_too_many() && number >> self.joined > 0 {
            self.joined += 1;
            for row in self.rows.values_mut() {
                for mut slot in std::mem::take(row) {
                    slot.number >>= 1;
                    add(row, slot);
                }
            }
        }
    }

    fn are_too_many(&self) -> bool {
        let lengths = || self.rows.values().map(Vec::len);
        lengths().sum::<usize>() > MOST_POINTS || lengths().any(|length| length > MOST_OF_ONE)
    }

    /// The points of an entry behind a time in seconds since the start of the run, oldest first, without one whose time is not over; none for an entry that is
    /// not known.
    #[must_use]
    pub fn since(
        &self,
        kind: Kind,
        method: &str,
        name: &str,
        from_s: f64,
    ) -> Option<Vec<EntryPoint>> {
        let row = self.rows.get(&RequestRef { kind, method, name })?;
        let (length, end) = (self.step(), self.end_s);
        let over = |slot: &&Slot| (slot.number + 1) as f64 * length <= end;
        let points = row.iter().filter(over).map(|slot| slot.point(length, end));
        Some(points.filter(|point| point.t_s > from_s).collect())
    }

    /// All points of an entry at the end of a run.
    #[must_use]
    pub fn whole(&self, kind: Kind, method: &str, name: &str) -> Option<Vec<EntryPoint>> {
        let row = self.rows.get(&RequestRef { kind, method, name })?;
        Some(row.iter().map(|slot| slot.point(self.step(), self.end_s)).collect())
    }

    /// How many seconds a point stands for.
    fn step(&self) -> f64 {
        (1_u64 << self.joined) as f64
    }

    /// Forgets everything.
    pub fn reset(&mut self) {
        *self = Self::with_limit(self.names);
    }
}

/// Adds to the last slot, or behind it.
fn add(row: &mut Vec<Slot>, slot: Slot) {
    match row.last_mut() {
        Some(last) if last.number == slot.number => last.merge(&slot),
        _ => row.push(slot),
    }
}

impl Slot {
    /// None if no request ended.
    fn of(number: u64, counts: &RequestCounts) -> Option<Self> {
        let ended = counts.ended();
        let [p50, p95, p99] = ended.percentiles([0.5, 0.95, 0.99]);
        Some(Self {
            number,
            requests: ended.count(),
            failures: counts.failed.count(),
            times: [p50?, p95?, p99?, ended.max()?].map(|micros| micros / 1_000.0),
            heat: Heat::from(&*ended),
        })
    }

    fn merge(&mut self, other: &Self) {
        self.requests += other.requests;
        self.failures += other.failures;
        self.times.iter_mut().zip(&other.times).for_each(|(time, other)| *time = time.max(*other));
        self.heat.merge(&other.heat);
    }

    /// The point, if slots are `length` seconds long and time goes on to `end`.
    fn point(&self, length: f64, end: f64) -> EntryPoint {
        let t_s = ((self.number + 1) as f64 * length).min(end);
        let seconds = t_s - self.number as f64 * length;
        let [p50, p95, p99, max] = self.times;
        EntryPoint {
            t_s,
            rps: self.requests as f64 / seconds,
            failures_per_s: self.failures as f64 / seconds,
            p50,
            p95,
            p99,
            max,
            heat: self.heat.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::recorded::record;
    use crate::stats::{Recorder, SampleResult};
    use proptest::prelude::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// What this many requests add.
    fn delta(name: &str, micros: u64, requests: u64) -> Delta {
        let mut recorder = Recorder::default();
        (0..requests).for_each(|_| record(&mut recorder, name, micros, SampleResult::Ok));
        recorder.drain()
    }

    fn whole(entries: &EntryTimelines, name: &str) -> Vec<EntryPoint> {
        entries.whole(Kind::Http, "GET", name).expect("known")
    }

    /// What the points say was requested: each stands for `step` seconds, the last for less if the run ended in it.
    fn requests(points: &[EntryPoint], step: f64) -> f64 {
        let length = |t_s: f64| t_s - ((t_s / step).ceil() - 1.0) * step;
        points.iter().map(|point| point.rps * length(point.t_s)).sum()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(20) })]

        /// However long a run is: nothing is lost, no peak either, and the bound is kept.
        #[test]
        fn counts_and_peaks_survive_joining(
            seconds in 1..30_000_u64,
            every in proptest::collection::vec((1..50_u64, 1..4_u64), 1..6),
            peak in any::<proptest::sample::Index>(),
            last in 0.1..1.0_f64,
        ) {
            let mut entries = EntryTimelines::default();
            let names: Vec<String> = (0..every.len()).map(|name| format!("/{name}")).collect();
            let peak = peak.index(seconds as usize) as u64;
            for second in 0..seconds {
                let mut all = Delta::default();
                for (name, (every, count)) in names.iter().zip(&every) {
                    let count = if second % every == 0 || second == peak { *count } else { 0 };
                    let micros = if second == peak { 7_000_000 } else { 1_000 };
                    all.merge(&delta(name, micros, count));
                }
                let is_last = second + 1 == seconds;
                entries.push(second, &all, if is_last { SECOND.mul_f64(last) } else { SECOND });
            }
            let mut all = 0;
            for (name, (every, count)) in names.iter().zip(&every) {
                let points = whole(&entries, name);
                all += points.len();
                prop_assert!(points.len() <= MOST_OF_ONE);
                prop_assert!(points.is_sorted_by(|one, next| one.t_s < next.t_s));
                let begun = seconds.div_ceil(*every) + u64::from(!peak.is_multiple_of(*every));
                let expected = begun * count;
                let found = requests(&points, entries.step());
                prop_assert!((found - expected as f64).abs() < 1e-6 * found, "{found}, {expected}");
                let heat = points.iter().flat_map(|point| point.heat.buckets());
                prop_assert_eq!(heat.map(|(_, count)| count).sum::<u64>(), expected);
                let highest = points.iter().max_by(|a, b| a.max.total_cmp(&b.max)).expect("a peak");
                prop_assert!(highest.p99 > 6_990.0 && highest.p50 > 6_990.0, "{highest:?}");
                prop_assert_eq!(highest.max, 7_000.0);
                prop_assert!(highest.t_s >= peak as f64 && highest.t_s <= peak as f64 + entries.step());
            }
            prop_assert!(all <= MOST_POINTS);
        }
    }

    #[test]
    fn many_names_share_the_bound_and_those_beyond_it_a_row() {
        let mut entries = EntryTimelines::default();
        let names = MOST_ENTRIES + 500;
        for second in 0..30 {
            let mut recorder = Recorder::with_limit(usize::MAX);
            for name in 0..names {
                record(&mut recorder, &format!("/{name}"), 1_000, SampleResult::Ok);
            }
            entries.push(second, &recorder.drain(), SECOND);
            assert!(entries.rows.values().map(Vec::len).sum::<usize>() <= MOST_POINTS, "{second}");
        }
        assert_eq!((entries.rows.len(), entries.step()), (MOST_ENTRIES + 1, 4.0));
        assert_eq!(requests(&whole(&entries, "/7"), 4.0), 30.0);
        assert_eq!(requests(&whole(&entries, "(other)"), 4.0), 15_000.0);
        assert_eq!(entries.whole(Kind::Http, "GET", "/5400"), None);
    }

    #[test]
    fn points_are_read_from_a_time_on_and_once_their_time_is_over() {
        let mut entries = EntryTimelines::default();
        let since = |entries: &EntryTimelines, from: f64| {
            let points = entries.since(Kind::Http, "GET", "/", from).expect("known");
            points.iter().map(|point| point.t_s).collect::<Vec<_>>()
        };
        assert_eq!(entries.since(Kind::Http, "GET", "/", 0.0), None);
        for second in [0, 1, 4] {
            entries.push(second, &delta("/", 1_000, 2), SECOND);
        }
        assert_eq!(since(&entries, 0.0), [1.0, 2.0, 5.0], "only where there were requests");
        assert_eq!((since(&entries, 2.0), since(&entries, 5.0)), (vec![5.0], vec![]));
        assert_eq!(entries.since(Kind::Probe, "GET", "/", 0.0), None);
        entries.push(5, &delta("/", 1_000, 2), SECOND / 2);
        assert_eq!(since(&entries, 2.0), [5.0], "half a second");
        let points = whole(&entries, "/");
        assert_eq!((points.len(), points[3].t_s, points[3].rps), (4, 5.5, 4.0));
        (6..3_603).for_each(|second| entries.push(second, &delta("/", 1_000, 1), SECOND));
        assert_eq!((entries.step(), since(&entries, 3_598.0)), (2.0, vec![3_600.0, 3_602.0]));
        entries.push(3_603, &delta("/", 1_000, 1), SECOND);
        assert_eq!(since(&entries, 3_602.0), [3_604.0], "its second half was still to come");
        let json = serde_json::to_string(&whole(&entries, "/")).expect("a value");
        let read: Vec<EntryPoint> = serde_json::from_str(&json).expect("the same");
        assert_eq!(read, whole(&entries, "/"));
        entries.reset();
        assert_eq!(entries.whole(Kind::Http, "GET", "/"), None);
    }
}
