//! Figures of the user's own: counters, gauges and trends.

use super::keys::Group;
use indexmap::map::serde_seq;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Sums are kept in billionths, as integers: in whatever order they are added, the sum is the same.
const PARTS: f64 = 1e9;
/// What a value adds to a sum at most: so no sum overflows.
const MOST_PARTS: f64 = 1e27;
/// Bits of a number that do not tell its bucket: what is left are sign, exponent and the ten leading bits of its digits, so that a bucket is 0.1 % wide.
const CUT: u32 = 42;

/// Counters, gauges and trends, by name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    /// Sums.
    #[serde(with = "serde_seq")]
    pub counters: Group<Arc<str>, Counter>,
    /// Things that go up and down.
    #[serde(with = "serde_seq")]
    pub gauges: Group<Arc<str>, Gauge>,
    /// Distributions of values.
    #[serde(with = "serde_seq")]
    pub trends: Group<Arc<str>, Trend>,
}

/// A sum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter {
    /// The sum.
    pub total: u64,
    /// What of it was counted after users were told to stop; rates leave it out.
    pub drained: u64,
}

impl Counter {
    pub(super) fn record(&mut self, number: u64, measuring: bool) {
        let drained = if measuring { 0 } else { number };
        self.merge(&Self { total: number, drained });
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.total = self.total.saturating_add(other.total);
        self.drained = self.drained.saturating_add(other.drained);
    }
}

/// How many values there were, and in which bounds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    count: u64,
    sum: i128,
    min: f64,
    max: f64,
}

impl Spread {
    fn of(value: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "it fits, and is whole")]
        let sum = (value * PARTS).clamp(-MOST_PARTS, MOST_PARTS).round() as i128;
        Self { count: 1, sum, min: value, max: value }
    }

    fn merge(&mut self, other: &Self) {
        if self.count == 0 || other.count == 0 {
            *self = if self.count == 0 { *other } else { *self };
            return;
        }
        self.count += other.count;
        self.sum = self.sum.saturating_add(other.sum);
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// How many values there were.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The smallest value.
    #[must_use]
    pub fn min(&self) -> f64 {
        self.min
    }

    /// The largest value.
    #[must_use]
    pub fn max(&self) -> f64 {
        self.max
    }

    /// The arithmetic mean, to a billionth; of values up to 10¹⁸.
    #[must_use]
    pub fn mean(&self) -> f64 {
        let mean = self.sum as f64 / PARTS / self.count.max(1) as f64;
        mean.max(self.min).min(self.max)
    }
}

/// Something that goes up and down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Gauge {
    /// The values it was set to.
    pub spread: Spread,
    /// The last of them.
    pub last: f64,
    /// When it was set to that, from the start of the run.
    pub set_at: Duration,
}

impl Gauge {
    pub(super) fn record(&mut self, value: f64, at: Duration) {
        self.spread.merge(&Spread::of(value));
        // On one thread, what comes later is later.
        if at >= self.set_at {
            (self.last, self.set_at) = (value, at);
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        if other.spread.count == 0 {
            return;
        }
        let at_once = other.set_at == self.set_at && other.last > self.last;
        if self.spread.count == 0 || other.set_at > self.set_at || at_once {
            (self.last, self.set_at) = (other.last, other.set_at);
        }
        self.spread.merge(&other.spread);
    }
}

/// A distribution of values of any size and sign.
///
/// Count, minimum and maximum are exact. Percentiles are within 0.1 % of a value, never above the maximum and never below the minimum: values are
/// counted in buckets by sign, power of two and the ten leading bits of the digits. Merging is associative and commutative and loses nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Trend {
    /// All values.
    pub spread: Spread,
    /// Number of the bucket, count; lower values have lower numbers.
    counts: BTreeMap<i32, u64>,
}

/// The number of a value's bucket; that of zero, and of what is so small that it has fewer digits, is 0.
fn bucket(value: f64) -> i32 {
    if value.abs() < f64::MIN_POSITIVE {
        return 0;
    }
    let size = (value.abs().to_bits() >> CUT) as i32;
    if value < 0.0 { -size } else { size }
}

/// The highest value in a bucket.
fn highest_of(bucket: i32) -> f64 {
    let bits = u64::from(bucket.unsigned_abs()) << CUT;
    match bucket {
        0 => 0.0,
        // The one that is nearest to zero.
        ..0 => -f64::from_bits(bits),
        1.. => f64::from_bits(bits | ((1 << CUT) - 1)),
    }
}

impl Trend {
    pub(super) fn record(&mut self, value: f64) {
        self.spread.merge(&Spread::of(value));
        *self.counts.entry(bucket(value)).or_default() += 1;
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.spread.merge(&other.spread);
        for (bucket, count) in &other.counts {
            *self.counts.entry(*bucket).or_default() += count;
        }
    }

    /// Percentiles: for each share (0.95 for p95, rising) the smallest value that at least this share of all is not above.
    #[must_use]
    pub fn percentiles<const N: usize>(&self, shares: [f64; N]) -> [f64; N] {
        let mut found = [self.spread.max; N];
        let (mut next, mut seen) = (0, 0);
        for (bucket, count) in &self.counts {
            seen += count;
            while next < N && seen as f64 >= (shares[next] * self.spread.count as f64).max(1.0) {
                found[next] = highest_of(*bucket).max(self.spread.min).min(self.spread.max);
                next += 1;
            }
        }
        found
    }
}
