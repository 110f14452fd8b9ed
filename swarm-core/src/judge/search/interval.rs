//! How sure the limit is.

use super::hold::Hold;
use super::second::Counted;
use crate::stats::Distribution;

/// A level's time is cut into so many batches; their means are compared, because seconds that are neighbours are alike.
const BATCHES: usize = 5;
/// The 95th percentile of Student's t with four degrees of freedom.
const T: f64 = 2.132;
/// How many times the mean the 99th percentile may be at low load: 4.6 where times are exponential. Queues behind times that vary more fluctuate too slowly.
const MOST_VARIED: f64 = 6.0;

/// The interval around a bracket: from the highest level at or below `low` that certainly held to the lowest above it that certainly did not, and at least the
/// bracket widened by the precision.
///
/// Its coverage in simulated searches stands in the tests. None where a side is open, or response times vary more than there.
pub(super) fn interval<'a>(
    levels: impl Iterator<Item = &'a Hold> + Clone,
    allowed: &[f64],
    [low, high]: [f64; 2],
    precision: f64,
) -> Option<[f64; 2]> {
    let mut calm = Distribution::default();
    let idle = levels.clone().filter(|level| level.offered <= low / 2.0);
    idle.for_each(|level| calm.merge(&level.sums.times));
    let [p99] = calm.percentiles([0.99]);
    if p99? > MOST_VARIED * calm.mean()? {
        return None;
    }
    let holds = levels.clone().filter(|level| {
        level.offered <= low
            && sides(level, allowed).all(|(share, error, most)| share + error <= most)
    });
    let fails = levels.filter(|level| {
        let certain = || sides(level, allowed).any(|(share, error, most)| share - error > most);
        // Those that failed at once have no batches to compare.
        level.offered > low && (level.sums.seconds.len() < BATCHES || certain())
    });
    let from = holds.map(|level| level.offered).max_by(f64::total_cmp)?;
    let to = fails.map(|level| level.offered).min_by(f64::total_cmp)?;
    let wider = 1.0 + precision;
    Some([from.min(low / wider), to.max(high * wider)])
}

/// For each criterion: its share at this level, the error that this may have, and what is allowed.
fn sides<'a>(level: &'a Hold, allowed: &'a [f64]) -> impl Iterator<Item = (f64, f64, f64)> + 'a {
    allowed.iter().enumerate().map(move |(at, most)| {
        let of_criterion = |counts: &Vec<Counted>| counts.get(at).copied().unwrap_or_default();
        let seconds: Vec<Counted> = level.sums.seconds.iter().map(of_criterion).collect();
        (of_criterion(&level.sums.counts).share(), T * standard_error(&seconds), *most)
    })
}

/// The standard error of a share, by the method of batch means.
fn standard_error(seconds: &[Counted]) -> f64 {
    if seconds.len() < BATCHES {
        return f64::INFINITY;
    }
    let shares: Vec<f64> = (0..BATCHES)
        .map(|batch| {
            let range = batch * seconds.len() / BATCHES..(batch + 1) * seconds.len() / BATCHES;
            let mut sum = Counted::default();
            seconds[range].iter().for_each(|counted| sum.add(*counted));
            sum.share()
        })
        .collect();
    let mean = shares.iter().sum::<f64>() / BATCHES as f64;
    let squares: f64 = shares.iter().map(|share| (share - mean).powi(2)).sum();
    (squares / ((BATCHES - 1) * BATCHES) as f64).sqrt()
}
