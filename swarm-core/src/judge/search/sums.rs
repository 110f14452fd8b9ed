//! The figures of a level, added up.

use super::capacity::LevelEntry;
use super::second::{Counted, SearchSecond};
use crate::stats::{Distribution, Group, RequestKey};

/// What was seen at a level, in the seconds that count.
#[derive(Debug, Clone, Default)]
pub(super) struct Sums {
    /// What each criterion counted, second by second.
    pub(super) seconds: Vec<Vec<Counted>>,
    /// The same in all.
    pub(super) counts: Vec<Counted>,
    /// The same by request.
    requests: Group<RequestKey, Vec<Counted>>,
    pub(super) times: Distribution,
    iterations: u64,
    in_flight: u64,
    pub(super) dropped: u64,
    failures: u64,
}

/// What iterations are made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Usual {
    /// Requests of one.
    pub(super) requests: f64,
    /// Seconds of one that are not spent on requests: declared waits.
    pub(super) waits_s: f64,
}

impl Sums {
    pub(super) fn add(&mut self, second: &SearchSecond) {
        add(&mut self.counts, &second.counts);
        self.seconds.push(second.counts.clone());
        for (key, counts) in &second.requests {
            match self.requests.get_mut(key) {
                Some(sums) => add(sums, counts),
                None => drop(self.requests.insert(key.clone(), counts.clone())),
            }
        }
        self.times.merge(&second.times);
        self.iterations += second.iterations;
        self.in_flight += second.in_flight;
        self.dropped += second.dropped;
        self.failures += second.failures;
    }

    /// Takes out what there is by request: there may be thousands.
    pub(super) fn take_requests(&mut self) -> Group<RequestKey, Vec<Counted>> {
        std::mem::take(&mut self.requests)
    }

    fn per_second(&self, sum: u64) -> f64 {
        sum as f64 / self.seconds.len().max(1) as f64
    }

    /// What iterations are made of, if any ended. By Little's law their length is what is in flight by what ends in a second.
    pub(super) fn usual(&self) -> Option<Usual> {
        let mean_s = self.times.mean()? / 1e6;
        if self.iterations == 0 {
            return None;
        }
        let of_one = |sum: u64| sum as f64 / self.iterations as f64;
        let requests = of_one(self.times.count());
        let waits_s = (of_one(self.in_flight) - requests * mean_s).max(0.0);
        Some(Usual { requests, waits_s })
    }

    /// Throughput by mean response time.
    pub(super) fn power(&self) -> Option<f64> {
        let mean = self.times.mean().filter(|mean| *mean > 0.0)?;
        Some(self.per_second(self.iterations) / mean)
    }

    /// The level as it is reported.
    pub(super) fn entry(&self, offered: f64, passed: bool) -> LevelEntry {
        let ms = |micros: Option<f64>| micros.map(|micros| micros / 1_000.0);
        let [p50, p95, p99] = self.times.percentiles([0.5, 0.95, 0.99]).map(ms);
        LevelEntry {
            offered,
            achieved: self.per_second(self.iterations),
            in_flight: self.per_second(self.in_flight),
            p50,
            p95,
            p99,
            failures: self.failures as f64 * 100.0 / self.times.count().max(1) as f64,
            passed,
        }
    }
}

fn add(sums: &mut Vec<Counted>, counts: &[Counted]) {
    sums.resize(counts.len().max(sums.len()), Counted::default());
    sums.iter_mut().zip(counts).for_each(|(sum, counted)| sum.add(*counted));
}
