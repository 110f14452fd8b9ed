//! A difference of two sides, its error, and what can be said of it.

use super::student::{beyond, bound};

/// What a normal number with a deviation of one is above with a probability of 20 %: changes of the smallest size are found in 80 % of all comparisons.
const MISSED: f64 = 0.841_6;

/// One measure of one run, on a scale where differences add up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    pub(super) value: f64,
    /// Standard error, as far as it can be told from within the run, and the degrees of freedom of that.
    pub(super) within: Option<(f64, u32)>,
}

/// How far apart two sides are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Estimate {
    pub(super) difference: f64,
    error: f64,
    freedom: u32,
}

impl Estimate {
    /// The difference of the sides' means; none if nothing tells its error.
    ///
    /// With few runs of a side, what is seen within runs is trusted where it is the larger error; with many, what differs between them always is.
    pub(super) fn of(before: &[Reading], after: &[Reading], few: bool) -> Option<Self> {
        let sides = [before, after];
        let [from, to] = sides.map(|side| mean(side.iter().map(|reading| reading.value)));
        let (mut variance, mut freedom, mut known) = (0.0, 0, true);
        for side in sides {
            for reading in side {
                let (error, of_it) = reading.within.unwrap_or_default();
                variance += (error / side.len() as f64).powi(2);
                freedom += of_it;
                known &= reading.within.is_some();
            }
        }
        let runs = before.len() + after.len();
        let freedom_between = u32::try_from(runs).ok()?.saturating_sub(2);
        if freedom_between == 0 {
            return known.then(|| Self { difference: to - from, error: variance.sqrt(), freedom });
        }
        let squares = |side: &[Reading], mean: f64| {
            side.iter().map(|reading| (reading.value - mean).powi(2)).sum::<f64>()
        };
        let pooled = (squares(before, from) + squares(after, to)) / f64::from(freedom_between);
        let each_side = 1.0 / before.len() as f64 + 1.0 / after.len() as f64;
        let between = pooled * each_side;
        let more = if few && known && between < variance { freedom } else { 0 };
        Some(Self {
            difference: to - from,
            error: between.max(variance).sqrt(),
            freedom: freedom_between + more,
        })
    }

    /// The probability that chance alone makes a difference as large as this.
    pub(super) fn chance(&self) -> f64 {
        if self.error == 0.0 {
            return if self.difference == 0.0 { 1.0 } else { 0.0 };
        }
        beyond(self.difference / self.error, self.freedom)
    }

    /// The smallest difference that is found with a probability of 80 %, if it has to be larger than the margin, and rarer than this by chance.
    pub(super) fn smallest(&self, margin: f64, chance: f64) -> f64 {
        let bound = bound(chance, self.freedom);
        // The error is an estimate itself. (The normal approximation of the noncentral t distribution: Abramowitz and Stegun, 26.7.10.)
        let spread = (1.0 + bound * bound / (2.0 * f64::from(self.freedom))).sqrt();
        let certain = (bound + MISSED * spread) * self.error;
        certain.max(margin + MISSED * self.error)
    }
}

/// By Holm's method: for each probability, the one for all of them together.
pub(super) fn together(chances: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..chances.len()).collect();
    order.sort_by(|a, b| chances[*a].total_cmp(&chances[*b]));
    let (mut together, mut highest) = (vec![1.0; chances.len()], 0.0_f64);
    for (rank, at) in order.into_iter().enumerate() {
        highest = highest.max(chances[at] * (chances.len() - rank) as f64).min(1.0);
        together[at] = highest;
    }
    together
}

pub(super) fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holm_multiplies_the_smallest_by_all_and_the_largest_by_one() {
        assert_eq!(together(&[0.01, 0.04, 0.03]), [0.03, 0.06, 0.06]);
        assert_eq!(together(&[0.5, 0.9]), [1.0, 1.0]);
        assert!(together(&[]).is_empty());
    }
}
