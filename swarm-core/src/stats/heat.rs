//! How response times spread, coarsely: what a heatmap of them is painted from.

use super::distribution::Distribution;
use serde::{Deserialize, Serialize};

/// Response times by their size, four buckets to a doubling: pairs of bucket and count, the lowest bucket first, without empty ones.
///
/// Bucket `b` holds times from 2^(b/4) microseconds up to, and without, 2^((b+1)/4): a time `t` is in bucket ⌊4 · log₂ t⌋. What is shorter than a microsecond is
/// in bucket 0, what is longer than an hour in that of an hour, 126. Like all that comes from a [`Distribution`], times are told apart within 0.1 %.
///
/// ```
/// use std::time::Duration;
/// use swarm_core::stats::{Distribution, Heat};
///
/// let mut times = Distribution::default();
/// [1, 1, 4].iter().for_each(|millis| times.record(Duration::from_millis(*millis)));
/// assert_eq!(Heat::from(&times).buckets(), [(39, 2), (47, 1)]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Heat(Vec<(u8, u64)>);

/// The bucket of a time in microseconds.
fn bucket(micros: u64) -> u8 {
    // 4 · log₂ t is log₂ t⁴: in whole numbers there is no rounding. An hour is less than 2³² microseconds, so t⁴ fits.
    let micros = u128::from(micros.clamp(1, u64::from(u32::MAX)));
    micros.pow(4).ilog2() as u8
}

impl Heat {
    /// Bucket and count, the lowest bucket first.
    #[must_use]
    pub fn buckets(&self) -> &[(u8, u64)] {
        &self.0
    }

    /// Adds what another one counted.
    pub fn merge(&mut self, other: &Self) {
        other.0.iter().for_each(|(bucket, count)| self.add(*bucket, *count));
    }

    fn add(&mut self, bucket: u8, count: u64) {
        match self.0.binary_search_by_key(&bucket, |(known, _)| *known) {
            Ok(at) => self.0[at].1 += count,
            Err(at) => self.0.insert(at, (bucket, count)),
        }
    }
}

impl From<&Distribution> for Heat {
    fn from(times: &Distribution) -> Self {
        let mut heat = Self::default();
        times.each(|micros, count| match (heat.0.last_mut(), bucket(micros)) {
            (Some((last, sum)), bucket) if *last == bucket => *sum += count,
            (_, bucket) => heat.0.push((bucket, count)),
        });
        heat
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn buckets_are_quarters_of_a_doubling() {
        for b in 0..127_u8 {
            let (from, to) = (2_f64.powf(f64::from(b) / 4.0), 2_f64.powf(f64::from(b + 1) / 4.0));
            // Of the first microseconds each has a bucket, and between them some have no whole number.
            let (first, last) = (from.ceil() as u64, (to.ceil() - 1.0) as u64);
            if first <= last {
                assert_eq!((bucket(first), bucket(last)), (b, b), "{first} to {last}");
            }
        }
        assert_eq!((bucket(0), bucket(1), bucket(2), bucket(3_600_000_000)), (0, 0, 4, 126));
    }

    #[test]
    fn nothing_is_lost_and_json_keeps_it() {
        let mut times = Distribution::default();
        (1..5_000).for_each(|micros| times.record(Duration::from_micros(micros * micros)));
        times.record(Duration::from_hours(9));
        let mut heat = Heat::from(&times);
        assert!(heat.buckets().is_sorted_by_key(|(bucket, _)| *bucket));
        assert_eq!(heat.buckets().last(), Some(&(126, 1)));
        heat.merge(&Heat::from(&times));
        assert_eq!(heat.buckets().iter().map(|(_, count)| count).sum::<u64>(), 10_000);
        let json = serde_json::to_string(&heat).expect("a value");
        assert!(json.starts_with("[[0,2],[8,2],[12,2],"), "{json}");
        assert_eq!(serde_json::from_str::<Heat>(&json).expect("the same"), heat);
    }
}
