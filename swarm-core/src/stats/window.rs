//! What ended in the last ten seconds: what tells how it goes now.

use super::delta::Delta;
use super::distribution::Distribution;
use super::keys::{Group, RequestKey};
use super::summary::Recent;
use std::collections::VecDeque;
use std::time::Duration;

/// How many seconds are recent.
const LENGTH: u64 = 10;

/// The requests of the last ten seconds, entry by entry.
///
/// Their sum is not made anew each second: what comes is added, and what is older than that is taken away, so that it costs what these two seconds had.
#[derive(Debug, Clone, Default)]
pub(super) struct Window {
    /// The oldest first.
    seconds: VecDeque<Second>,
    /// The sum of the seconds; entries without any request are left out.
    rows: Group<RequestKey, Ended>,
    /// Of the sum, what the totals count.
    all: Ended,
    /// Since when there are seconds, and where the last ends, in seconds since the start of the run.
    span: Option<(u64, f64)>,
}

#[derive(Debug, Clone)]
struct Second {
    number: u64,
    rows: Vec<(RequestKey, Ended)>,
    all: Ended,
}

/// Requests that ended.
#[derive(Debug, Clone, Default)]
struct Ended {
    times: Distribution,
    failed: u64,
}

impl Window {
    /// Adds the second with this number, which was `span` long; seconds come in their order. The requests of a key are those of the row `row_of` it, and count
    /// in the totals if `is_counted`.
    pub(super) fn add(
        &mut self,
        number: u64,
        span: Duration,
        delta: &Delta,
        row_of: impl Fn(&RequestKey) -> RequestKey,
        is_counted: impl Fn(&RequestKey) -> bool,
    ) {
        let began = self.span.map_or(number, |(began, _)| began);
        self.span = Some((began, number as f64 + span.as_secs_f64()));
        while let Some(old) = self.seconds.pop_front_if(|old| old.number + LENGTH <= number) {
            self.forget(&old);
        }
        let mut second = Second { number, rows: Vec::new(), all: Ended::default() };
        for (key, counts) in &delta.requests {
            let ended = Ended { times: counts.ended().into_owned(), failed: counts.failed.count() };
            if ended.times.is_empty() {
                continue;
            }
            if is_counted(key) {
                second.all.merge(&ended);
            }
            let key = row_of(key);
            match self.rows.get_mut(&key) {
                Some(row) => row.merge(&ended),
                None => drop(self.rows.insert(key.clone(), ended.clone())),
            }
            second.rows.push((key, ended));
        }
        self.all.merge(&second.all);
        self.seconds.push_back(second);
    }

    fn forget(&mut self, old: &Second) {
        self.all.subtract(&old.all);
        for (key, ended) in &old.rows {
            let Some(row) = self.rows.get_mut(key) else { continue };
            row.subtract(ended);
            if row.times.is_empty() {
                self.rows.swap_remove(key);
            }
        }
    }

    /// The figures of an entry.
    pub(super) fn of(&self, key: &RequestKey) -> Recent {
        self.rows.get(key).map(|row| self.figures(row)).unwrap_or_default()
    }

    /// The figures of all that the totals count.
    pub(super) fn of_all(&self) -> Recent {
        self.figures(&self.all)
    }

    fn figures(&self, ended: &Ended) -> Recent {
        // At the beginning less than ten seconds have passed, and the last second of a run is shorter than one.
        let seconds = self.span.map_or(0.0, |(began, end)| {
            let first = (end.ceil() - LENGTH as f64).max(began as f64);
            end - first
        });
        let per_second = |count: u64| if seconds > 0.0 { count as f64 / seconds } else { 0.0 };
        let shares = ended.times.percentiles([0.5, 0.95, 0.99]);
        let [p50, p95, p99] = shares.map(|micros| micros.map(|micros| micros / 1_000.0));
        Recent {
            rps: per_second(ended.times.count()),
            failures_per_s: per_second(ended.failed),
            p50,
            p95,
            p99,
        }
    }
}

impl Ended {
    fn merge(&mut self, other: &Self) {
        self.times.merge(&other.times);
        self.failed += other.failed;
    }

    fn subtract(&mut self, other: &Self) {
        self.times.subtract(&other.times);
        self.failed -= other.failed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Kind, Ledger, Phases, Recorder, Sample, SampleResult, Totals};
    use proptest::prelude::*;

    const NAMES: [&str; 3] = ["/", "/item", "/rare"];
    const SECOND: Duration = Duration::from_secs(1);

    /// Name, microseconds, whether it failed.
    type Request = (usize, u64, bool);

    fn delta(requests: &[Request]) -> Delta {
        let mut recorder = Recorder::with_limit(2);
        for (name, micros, failed) in requests {
            recorder.record(&Sample {
                kind: Kind::Http,
                method: "GET",
                name: NAMES[*name],
                response_time: Duration::from_micros(*micros),
                from_schedule: None,
                phases: Phases::default(),
                bytes: 0,
                status: None,
                result: if *failed { SampleResult::Failed("500") } else { SampleResult::Ok },
            });
        }
        recorder.drain()
    }

    fn close(ledger: &mut Ledger, number: u64, span: Duration, requests: &[Request]) {
        let delta = delta(requests);
        ledger.add_second(number, &delta);
        ledger.close_second(number, &delta, span);
    }

    fn recent(totals: &Totals) -> Recent {
        totals.recent.expect("live figures have them")
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

        /// What is added and taken away is the same as if only the last ten seconds were counted.
        #[test]
        fn old_seconds_leave_nothing(seconds in proptest::collection::vec(
            (1..4_u64, proptest::collection::vec((0..3_usize, 0..9_000_000_u64, any::<bool>()), 0..20)),
            1..40,
        )) {
            let mut ledger = Ledger::default();
            let (mut number, mut all) = (0, Vec::new());
            for (later, requests) in &seconds {
                number += later;
                close(&mut ledger, number, SECOND, requests);
                all.push((number, requests));
            }
            let began = all[0].0.max((number + 1).saturating_sub(LENGTH));
            let length = (number + 1 - began) as f64;
            let recent_ones = all.iter().filter(|(at, _)| *at >= began).flat_map(|(_, some)| *some);
            let recent_ones: Vec<Request> = recent_ones.copied().collect();
            let mut times = Distribution::default();
            recent_ones.iter().for_each(|(_, time, _)| times.record(Duration::from_micros(*time)));
            let failures = recent_ones.iter().filter(|(.., failed)| *failed).count();

            let summary = ledger.summary(SECOND, false);
            let found = recent(&summary.totals);
            prop_assert_eq!(found.rps, recent_ones.len() as f64 / length);
            prop_assert_eq!(found.failures_per_s, failures as f64 / length);
            let exact = times.percentiles([0.5, 0.95, 0.99]);
            for (found, exact) in [found.p50, found.p95, found.p99].into_iter().zip(exact) {
                prop_assert_eq!(found.is_some(), exact.is_some());
                let (found, exact) = (found.unwrap_or_default() * 1_000.0, exact.unwrap_or_default());
                prop_assert!((found - exact).abs() <= exact * 0.001, "{found}, {exact}");
            }
            let rows: f64 = summary.requests.iter().map(|row| recent(&row.totals).rps).sum();
            prop_assert!((rows - found.rps).abs() < 1e-9, "each is in a row");
        }
    }

    #[test]
    fn at_the_beginning_the_divisor_is_the_time_that_passed() {
        let mut ledger = Ledger::default();
        // It begins behind a warm-up of 7 s.
        for second in 0..25 {
            close(&mut ledger, 7 + second, SECOND, &[(0, 5_000, false), (0, 5_000, second >= 20)]);
            let recent = recent(&ledger.summary(SECOND, false).totals);
            assert_eq!((recent.rps, recent.p99), (2.0, Some(5.0)), "{second}");
            assert_eq!(recent.failures_per_s, second.saturating_sub(19) as f64 / 10.0);
        }
        close(&mut ledger, 32, SECOND / 2, &[]);
        assert_eq!(recent(&ledger.summary(SECOND, false).totals).rps, 18.0 / 9.5);
        close(&mut ledger, 60, SECOND, &[(1, 5_000, false)]);
        let summary = ledger.summary(SECOND, false);
        assert_eq!(
            recent(&summary.requests[0].totals),
            Recent::default(),
            "nothing in ten seconds"
        );
        assert_eq!(recent(&summary.requests[1].totals).rps, 0.1);
        assert_eq!(ledger.summary(SECOND, true).totals.recent, None, "the result has none");
        ledger.reset();
        assert_eq!(recent(&ledger.summary(SECOND, false).totals), Recent::default());
    }

    #[test]
    fn many_distinct_times_come_and_go() {
        let mut ledger = Ledger::default();
        for second in 0..15 {
            let spread = |at: u64| (0, 1_000 + at * 997 + second, false);
            close(&mut ledger, second, SECOND, &(0..9_000).map(spread).collect::<Vec<_>>());
        }
        let found = recent(&ledger.summary(SECOND, false).requests[0].totals);
        assert_eq!(found.rps, 9_000.0);
        assert!((found.p50.expect("requests") / 4_487.5 - 1.0).abs() < 0.001, "{:?}", found.p50);
        close(&mut ledger, 25, SECOND, &[]);
        assert_eq!(recent(&ledger.summary(SECOND, false).totals), Recent::default());
    }
}
