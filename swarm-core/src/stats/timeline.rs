//! The history of a run, second by second, in bounded memory.

use super::delta::Delta;
use super::distribution::Distribution;
use super::heat::Heat;
use super::summary::HistoryPoint;
use std::time::Duration;

/// Most points kept: an hour of seconds. Beyond, neighbours are joined.
const MOST_POINTS: usize = 3_600;

/// One point a second for an hour; of a longer run one for every two seconds, then four, and so on.
///
/// Joined points keep the mean of rates, the sum of what the heatmap counts, and the maximum of users and times, so that no peak is lost.
#[derive(Debug, Clone)]
pub struct Timeline {
    points: Vec<HistoryPoint>,
    /// Seconds that the points stand for, and those gathered for the next one.
    step: u32,
    gathered: Vec<HistoryPoint>,
    with_logins: bool,
}

/// Who is there at the end of a second.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Presence {
    /// Users, those that are still logging in too.
    pub users: u32,
    /// Users that the plan wants.
    pub wanted: u32,
    /// Iterations that are running.
    pub in_flight: u32,
}

impl Default for Timeline {
    fn default() -> Self {
        Self { points: Vec::new(), step: 1, gathered: Vec::new(), with_logins: false }
    }
}

impl Timeline {
    /// A history that counts requests of logins too, if that is wanted.
    #[must_use]
    pub fn with_logins(yes: bool) -> Self {
        Self { with_logins: yes, ..Self::default() }
    }

    /// Adds the second with this number (from 0), which was `span` long; only the last of a run is shorter than a second. Returns its p95 in milliseconds.
    pub fn push(
        &mut self,
        number: u64,
        presence: Presence,
        delta: &Delta,
        span: Duration,
    ) -> Option<f64> {
        let seconds = span.as_secs_f64();
        if seconds <= 0.0 {
            return None;
        }
        let mut times = Distribution::default();
        let mut failures = 0;
        let counted =
            delta.requests.iter().filter(|(key, _)| key.kind.is_counted(self.with_logins));
        for (_, counts) in counted {
            times.merge(&counts.ok);
            times.merge(&counts.failed);
            failures += counts.failed.count();
        }
        let ms = |micros: Option<f64>| micros.map(|micros| micros / 1_000.0);
        let [p50, p95, p99] = times.percentiles([0.5, 0.95, 0.99]).map(ms);
        self.gathered.push(HistoryPoint {
            t_s: number as f64 + seconds,
            users: presence.users,
            wanted: presence.wanted,
            in_flight: presence.in_flight,
            dropped_per_s: delta.dropped as f64 / seconds,
            rps: times.count() as f64 / seconds,
            failures_per_s: failures as f64 / seconds,
            p50,
            p95,
            p99,
            max: ms(times.max()),
            heat: Heat::from(&times),
        });
        if self.gathered.len() >= self.step as usize {
            self.points.extend(HistoryPoint::joined(&self.gathered));
            self.gathered.clear();
        }
        if self.points.len() >= MOST_POINTS {
            self.points = self.points.chunks(2).filter_map(HistoryPoint::joined).collect();
            self.step *= 2;
        }
        p95
    }

    /// The points so far, oldest first.
    #[must_use]
    pub fn points(&self) -> &[HistoryPoint] {
        &self.points
    }

    /// Forgets everything.
    pub fn reset(&mut self) {
        *self = Self::with_logins(self.with_logins);
    }
}

impl HistoryPoint {
    /// One point for several that follow each other, so that no peak is lost: the means of rates, the sum of what the heatmap counts, the highest of all else.
    /// None of none.
    #[must_use]
    pub fn joined(points: &[Self]) -> Option<Self> {
        let last = points.last()?;
        let mean =
            |of: fn(&HistoryPoint) -> f64| points.iter().map(of).sum::<f64>() / points.len() as f64;
        let peak = |of: fn(&HistoryPoint) -> Option<f64>| {
            points.iter().filter_map(of).max_by(f64::total_cmp)
        };
        let most = |of: fn(&HistoryPoint) -> u32| points.iter().map(of).max().unwrap_or_default();
        let mut heat = Heat::default();
        points.iter().for_each(|point| heat.merge(&point.heat));
        Some(HistoryPoint {
            t_s: last.t_s,
            users: most(|point| point.users),
            wanted: most(|point| point.wanted),
            in_flight: most(|point| point.in_flight),
            dropped_per_s: mean(|point| point.dropped_per_s),
            rps: mean(|point| point.rps),
            failures_per_s: mean(|point| point.failures_per_s),
            p50: peak(|point| point.p50),
            p95: peak(|point| point.p95),
            p99: peak(|point| point.p99),
            max: peak(|point| point.max),
            heat,
        })
    }
}
