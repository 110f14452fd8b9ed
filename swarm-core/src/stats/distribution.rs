//! Response times, counted: exact where it is cheap, within 0.1 % elsewhere.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Deserializer, Serializer as _, V2DeflateSerializer};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// From how many distinct values on a dense histogram is used where values are recorded.
///
/// A list of 64 costs 512 bytes and six comparisons a record; a dense histogram costs up to 180 KB and none. Rare names stay lists.
const LIST_LIMIT: usize = 64;
/// The same where distributions are merged: that is done once a second, but for each of thousands of names, whose dense histograms would take gigabytes. A list
/// of 4,096 costs 32 KB and twelve comparisons.
const MERGED_LIST_LIMIT: usize = 4_096;
/// The largest value that is told apart from larger ones, in microseconds: an hour.
const HIGHEST: u64 = 3_600_000_000;
/// Values up to this are kept to the microsecond; above, the leading 11 bits are kept, as 3 significant digits demand.
const EXACT: u64 = 2_047;

/// A distribution of durations in microseconds.
///
/// Count, sum, minimum and maximum are exact. Percentiles are within 0.1 %, never above the maximum and never below the minimum: values are
/// counted in the buckets of an HdrHistogram with 3 significant digits. Merging is associative and commutative and loses nothing.
///
/// ```
/// use std::time::Duration;
/// use swarm_core::stats::Distribution;
///
/// let mut times = Distribution::default();
/// (1..=100).for_each(|millis| times.record(Duration::from_millis(millis)));
/// let [p50, p100] = times.percentiles([0.5, 1.0]).map(Option::unwrap);
/// assert!((50_000.0..=50_050.0).contains(&p50), "within 0.1 %");
/// assert_eq!(p100, 100_000.0, "the maximum is exact");
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Compact", into = "Compact")]
pub struct Distribution {
    counts: Counts,
    count: u64,
    sum: u64,
    min: u64,
    max: u64,
}

#[derive(Debug, Clone)]
enum Counts {
    /// Lowest value of the bucket, count; sorted. In 32 bits, because there may be many.
    List(Vec<(u32, u32)>),
    Dense(Box<Histogram<u64>>),
}

impl Default for Counts {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

/// What crosses threads and processes: always the list.
#[derive(Serialize, Deserialize)]
struct Compact {
    counts: Vec<(u64, u64)>,
    sum: u64,
    min: u64,
    max: u64,
}

/// The lowest value of a value's bucket.
fn bucket(micros: u64) -> u64 {
    let micros = micros.min(HIGHEST);
    let shift = (u64::BITS - micros.leading_zeros()).saturating_sub(11);
    (micros >> shift) << shift
}

/// The highest value of the bucket with this lowest value.
fn highest_of(bucket: u64) -> u64 {
    if bucket <= EXACT {
        return bucket;
    }
    let shift = u64::BITS - bucket.leading_zeros() - 11;
    bucket + (1 << shift) - 1
}

impl Distribution {
    /// Counts one duration.
    pub fn record(&mut self, duration: Duration) {
        let micros = (duration.as_nanos() + 500) / 1_000;
        let micros = u64::try_from(micros).unwrap_or(u64::MAX);
        self.min = if self.count == 0 { micros } else { self.min.min(micros) };
        self.max = self.max.max(micros);
        self.count += 1;
        self.sum = self.sum.saturating_add(micros);
        self.add(bucket(micros), 1, LIST_LIMIT);
    }

    /// Counts a bucket, in a list of at most `limit` if its numbers fit there.
    fn add(&mut self, bucket: u64, count: u64, limit: usize) {
        let list = match &mut self.counts {
            Counts::Dense(histogram) => return put(histogram, bucket, count),
            Counts::List(list) => list,
        };
        if let (Ok(bucket), Ok(count)) = (u32::try_from(bucket), u32::try_from(count)) {
            match list.binary_search_by_key(&bucket, |(value, _)| *value) {
                Ok(at) => {
                    if let Some(sum) = list[at].1.checked_add(count) {
                        list[at].1 = sum;
                        return;
                    }
                }
                Err(at) if list.len() < limit => return list.insert(at, (bucket, count)),
                Err(_) => {}
            }
        }
        self.make_dense();
        self.add(bucket, count, limit);
    }

    fn make_dense(&mut self) {
        if let Counts::List(list) = &self.counts {
            let mut histogram = empty();
            for (value, count) in list {
                put(&mut histogram, u64::from(*value), u64::from(*count));
            }
            self.counts = Counts::Dense(Box::new(histogram));
        }
    }

    /// Adds what another one counted.
    pub fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        self.min = if self.count == 0 { other.min } else { self.min.min(other.min) };
        self.max = self.max.max(other.max);
        self.count += other.count;
        self.sum = self.sum.saturating_add(other.sum);
        other.each(|value, count| self.add(value, count, MERGED_LIST_LIMIT));
    }

    /// Takes away what another one counted, all of which was added before. The minimum and the maximum of what is left are within 0.1 %.
    pub(super) fn subtract(&mut self, other: &Self) {
        match &mut self.counts {
            Counts::List(list) => {
                other.each(|value, count| {
                    let at = list.binary_search_by_key(&value, |(value, _)| u64::from(*value));
                    if let (Ok(at), Ok(count)) = (at, u32::try_from(count)) {
                        list[at].1 = list[at].1.saturating_sub(count);
                    }
                });
                list.retain(|(_, count)| *count > 0);
            }
            // It can't count down, and what is left may be a list again.
            Counts::Dense(_) => {
                let mut gone = Vec::new();
                other.each(|value, count| gone.push((value, count)));
                let mut gone = gone.into_iter().peekable();
                let mut left = Self::default();
                self.each(|value, count| {
                    let less = gone.next_if(|(of, _)| *of == value).map_or(0, |(_, less)| less);
                    if count > less {
                        left.add(value, count - less, MERGED_LIST_LIMIT);
                    }
                });
                self.counts = left.counts;
            }
        }
        self.count -= other.count;
        self.sum = self.sum.saturating_sub(other.sum);
        let (mut lowest, mut highest) = (None, 0);
        self.each(|value, _| {
            lowest.get_or_insert(value);
            highest = highest_of(value);
        });
        self.min = lowest.map_or(0, |lowest: u64| lowest.max(self.min));
        self.max = self.max.min(highest);
    }

    /// Takes out what was counted, and is empty again; a busy one keeps its memory.
    #[must_use]
    pub fn drain(&mut self) -> Self {
        let mut drained = Self {
            count: self.count,
            sum: self.sum,
            min: self.min,
            max: self.max,
            ..Self::default()
        };
        let mut distinct = 0;
        self.each(|value, count| {
            distinct += 1;
            drained.add(value, count, MERGED_LIST_LIMIT);
        });
        match &mut self.counts {
            Counts::Dense(histogram) if distinct > LIST_LIMIT / 2 => histogram.reset(),
            Counts::Dense(_) => self.counts = Counts::default(),
            Counts::List(list) => list.clear(),
        }
        (self.count, self.sum, self.min, self.max) = (0, 0, 0, 0);
        drained
    }

    /// Visits the buckets with their counts, lowest first.
    pub(super) fn each(&self, mut visit: impl FnMut(u64, u64)) {
        match &self.counts {
            Counts::List(list) => {
                list.iter().for_each(|(value, count)| visit(u64::from(*value), u64::from(*count)));
            }
            Counts::Dense(histogram) => histogram.iter_recorded().for_each(|step| {
                visit(bucket(step.value_iterated_to()), step.count_since_last_iteration());
            }),
        }
    }

    /// How many durations were counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their sum, in microseconds.
    pub(super) fn sum(&self) -> u64 {
        self.sum
    }

    /// Whether none was counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The shortest, in microseconds.
    #[must_use]
    pub fn min(&self) -> Option<f64> {
        (self.count > 0).then_some(self.min as f64)
    }

    /// The longest, in microseconds.
    #[must_use]
    pub fn max(&self) -> Option<f64> {
        (self.count > 0).then_some(self.max as f64)
    }

    /// The arithmetic mean, in microseconds.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum as f64 / self.count as f64)
    }

    /// Percentiles in microseconds: for each share (0.95 for p95, rising) the smallest value that at least this share of all is not above.
    #[must_use]
    pub fn percentiles<const N: usize>(&self, shares: [f64; N]) -> [Option<f64>; N] {
        let mut found = [None; N];
        let mut next = 0;
        let mut seen = 0;
        self.each(|value, count| {
            seen += count;
            // A share such as 0.999 is no exact number: what is missing of a whole one is forgiven.
            while next < N && seen as f64 >= (shares[next] * self.count as f64 - 1e-6).max(1.0) {
                found[next] = Some(highest_of(value).clamp(self.min, self.max) as f64);
                next += 1;
            }
        });
        // What was above the highest bucket counts in it, but the maximum is known.
        if self.max > HIGHEST
            && let Some(last) = found.last_mut()
            && shares[N - 1] >= 1.0
        {
            *last = Some(self.max as f64);
        }
        found
    }

    /// Those above a time in microseconds, with some that are within 0.1 % below it. Once any is left out, the sum is within 0.1 %.
    pub(crate) fn above(&self, micros: f64) -> Self {
        if self.min as f64 > micros {
            return self.clone();
        }
        let mut above = Self::default();
        self.each(|value, count| {
            let highest = highest_of(value).clamp(self.min, self.max);
            if highest as f64 > micros {
                above.min = if above.count == 0 { value.max(self.min) } else { above.min };
                (above.max, above.count) = (self.max, above.count + count);
                above.sum = above.sum.saturating_add(highest.saturating_mul(count));
                above.add(value, count, MERGED_LIST_LIMIT);
            }
        });
        above
    }

    /// The standard HdrHistogram V2 encoding, compressed, in base64; values are microseconds.
    #[must_use]
    pub fn to_base64(&self) -> String {
        let mut histogram = empty();
        self.each(|value, count| put(&mut histogram, value, count));
        let mut bytes = Vec::new();
        // Writing into memory can't fail, and any histogram can be encoded.
        let _ = V2DeflateSerializer::new().serialize(&histogram, &mut bytes);
        STANDARD.encode(bytes)
    }
}

impl Distribution {
    /// Reads what [`to_base64`](Self::to_base64) wrote: the same counts, and times within 0.1 %; none if it is something else.
    ///
    /// ```
    /// use std::time::Duration;
    /// use swarm_core::stats::Distribution;
    ///
    /// let mut times = Distribution::default();
    /// times.record(Duration::from_millis(2));
    /// assert_eq!(Distribution::from_base64(&times.to_base64()), Some(times));
    /// assert_eq!(Distribution::from_base64("AAAA"), None);
    /// ```
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text).ok()?;
        let histogram: Histogram<u64> =
            Deserializer::new().deserialize(&mut bytes.as_slice()).ok()?;
        let mut read = Self::default();
        for step in histogram.iter_recorded() {
            let (value, count) =
                (bucket(step.value_iterated_to()), step.count_since_last_iteration());
            read.min = if read.count == 0 { value } else { read.min };
            read.max = step.value_iterated_to();
            read.count += count;
            read.sum = read.sum.saturating_add(value.saturating_mul(count));
            read.add(value, count, MERGED_LIST_LIMIT);
        }
        Some(read)
    }

    /// The standard deviation, in microseconds, within 0.1 %.
    #[must_use]
    pub fn deviation(&self) -> Option<f64> {
        let mean = self.mean()?;
        let mut squares = 0.0;
        self.each(|value, count| squares += (value as f64 - mean).powi(2) * count as f64);
        Some((squares / self.count as f64).sqrt())
    }
}

impl PartialEq for Distribution {
    /// Whether the same was counted, in whatever form it is kept.
    fn eq(&self, other: &Self) -> bool {
        let list = |of: &Self| {
            let mut list = Vec::new();
            of.each(|value, count| list.push((value, count)));
            list
        };
        (self.count, self.sum, self.min, self.max) == (other.count, other.sum, other.min, other.max)
            && list(self) == list(other)
    }
}

impl From<Compact> for Distribution {
    fn from(compact: Compact) -> Self {
        let mut read =
            Self { min: compact.min, max: compact.max, sum: compact.sum, ..Self::default() };
        for (value, count) in compact.counts {
            read.count += count;
            read.add(bucket(value), count, MERGED_LIST_LIMIT);
        }
        read
    }
}

impl From<Distribution> for Compact {
    fn from(from: Distribution) -> Self {
        let mut counts = Vec::new();
        from.each(|value, count| counts.push((value, count)));
        Self { counts, sum: from.sum, min: from.min, max: from.max }
    }
}

/// Counts a value that is no higher than [`HIGHEST`].
fn put(histogram: &mut Histogram<u64>, value: u64, count: u64) {
    // It grows with its values, so none is refused. (`saturating_record_n` would not let it grow.)
    let recorded = histogram.record_n(value, count);
    debug_assert!(recorded.is_ok(), "{value} does not fit: {recorded:?}");
}

/// A dense histogram that grows with its values.
#[expect(clippy::expect_used, reason = "these bounds are constants that the crate takes")]
fn empty() -> Histogram<u64> {
    let mut histogram = Histogram::new_with_bounds(1, 60_000_000, 3).expect("valid bounds");
    histogram.auto(true);
    histogram
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(micros: u64) -> Distribution {
        let mut one = Distribution::default();
        one.record(Duration::from_micros(micros));
        one
    }

    fn is_list(distribution: &Distribution) -> bool {
        matches!(distribution.counts, Counts::List(_))
    }

    #[test]
    fn what_is_merged_stays_small_for_long_and_what_is_recorded_is_soon_fast() {
        let (mut merged, mut recorded) = (Distribution::default(), Distribution::default());
        for micros in 1..=2_000 {
            merged.merge(&of(micros));
            recorded.record(Duration::from_micros(micros));
            assert_eq!(is_list(&recorded), micros <= LIST_LIMIT as u64, "{micros}");
        }
        assert!(is_list(&merged));
        assert_eq!(merged, recorded);
        assert!(is_list(&recorded.drain()), "what travels is small");
        (2_001..20_000_000).step_by(997).for_each(|micros| merged.merge(&of(micros)));
        assert!(!is_list(&merged), "at last it pays");
    }

    #[test]
    fn what_is_taken_away_leaves_what_was_there_before() {
        let times = |some: std::ops::Range<u64>| {
            let mut times = Distribution::default();
            some.for_each(|at| times.merge(&of(at * 997)));
            times
        };
        for (before, more) in [(0..0, 3..9), (1..40, 20..60), (1..40, 1..9_000), (1..9_000, 5..70)]
        {
            let (before, more) = (times(before), times(more));
            let mut sum = before.clone();
            sum.merge(&more);
            sum.subtract(&more);
            assert_eq!(is_list(&sum), is_list(&before));
            assert_eq!((sum.count, sum.sum), (before.count, before.sum));
            let shares = [0.01, 0.5, 0.99, 1.0];
            for (left, exact) in sum.percentiles(shares).into_iter().zip(before.percentiles(shares))
            {
                let (left, exact) = (left.unwrap_or_default(), exact.unwrap_or_default());
                assert!((left - exact).abs() <= exact * 0.001, "{left}, {exact}");
            }
        }
        let mut none = of(5);
        none.subtract(&of(5));
        assert_eq!(none, Distribution::default());
    }

    #[test]
    fn counts_that_do_not_fit_a_list_are_not_lost() {
        let most = u64::from(u32::MAX);
        let many = || Compact { counts: vec![(10, most), (20, 1)], sum: 10, min: 10, max: 20 };
        let mut twice = Distribution::from(many());
        assert!(is_list(&twice));
        twice.merge(&Distribution::from(many()));
        assert!(!is_list(&twice));
        let mut counted = Vec::new();
        twice.each(|value, count| counted.push((value, count)));
        assert_eq!(counted, [(10, 2 * most), (20, 2)]);
        assert_eq!(twice, twice.clone().drain(), "a list that can't hold it is not made");
        assert_eq!(twice.count(), 2 * most + 2);
    }
}
