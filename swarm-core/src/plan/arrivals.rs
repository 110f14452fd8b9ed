//! Which iterations arrive where: the sequence of an open load, dealt to shards.

use super::crowd::Crowd;
use super::load::{Plan, Spacing};
use super::mix::Mix;
use crate::random::Random;
use std::time::Duration;

/// An iteration that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// Its number in the sequence of all shards, from 0.
    pub number: u64,
    /// Its class.
    pub class: usize,
    /// When it is due, since the start of the run.
    pub due: Duration,
}

/// The iterations that arrive at one shard.
///
/// Which class number *k* is, which shard it belongs to and, given the rate, when it is due are functions of *k* and the run's seed. So all shards
/// compute the same sequence, and each takes its own from it without asking the others.
#[derive(Debug, Clone)]
pub struct Arrivals {
    shard: usize,
    shards: usize,
    spacing: Spacing,
    mix: Mix,
    gaps: Random,
    plan: Plan,
    /// The number of the next one of the whole sequence, and how many must have arrived for it to be due.
    number: u64,
    position: f64,
    /// Per class: how many of the sequence were of it.
    counts: Vec<usize>,
    /// The next of this shard, with the position it is due at.
    next: Option<(Arrival, f64)>,
}

/// Makes its chance another than that of users with the same number.
const APART: u64 = 0xA441_7A15_0F1E_EDED;

impl Arrivals {
    /// What arrives for a crowd at this shard of so many, of its classes by their weights; nothing at a shard that is none of these.
    #[must_use]
    pub fn new(
        crowd: &Crowd,
        spacing: Spacing,
        seed: u64,
        (shard, shards): (usize, usize),
    ) -> Self {
        let mut arrivals = Self {
            shard,
            shards,
            spacing,
            mix: Mix::new(&crowd.classes),
            gaps: Random::new(seed ^ APART, u32::MAX),
            plan: Plan::new(&crowd.load),
            number: 0,
            position: 0.0,
            counts: vec![0; crowd.classes.len()],
            next: None,
        };
        arrivals.advance();
        arrivals
    }

    /// Goes on by another plan.
    pub fn set(&mut self, plan: Plan) {
        self.plan = plan;
        if let Some((arrival, position)) = &mut self.next {
            arrival.due = due(&self.plan, *position);
        }
    }

    /// When the next one is due; none if none ever will be.
    #[must_use]
    pub fn next_due(&self) -> Option<Duration> {
        self.next.map(|(arrival, _)| arrival.due).filter(|due| *due < NEVER)
    }

    /// Takes the next one, if it is due.
    pub fn take(&mut self, now: Duration) -> Option<Arrival> {
        let (arrival, _) = self.next.filter(|(arrival, _)| arrival.due <= now)?;
        self.advance();
        Some(arrival)
    }

    /// Finds the next one of this shard.
    fn advance(&mut self) {
        self.next = None;
        // So that a shard that gets nothing does not seek for ever.
        if self.shard >= self.shards {
            return;
        }
        for class in self.mix.by_ref() {
            let number = self.number;
            self.number += 1;
            if self.spacing == Spacing::Poisson {
                self.position += self.gaps.exponential_gap();
            }
            let position = match self.spacing {
                Spacing::Even => number as f64,
                Spacing::Poisson => self.position,
            };
            // The arrivals of a class come to the shards in turns, those of the next class one shard further.
            let turn = self.counts[class] + class;
            self.counts[class] += 1;
            if turn % self.shards == self.shard {
                let due = due(&self.plan, position);
                self.next = Some((Arrival { number, class, due }, position));
                return;
            }
        }
    }
}

const NEVER: Duration = Duration::MAX;

fn due(plan: &Plan, position: f64) -> Duration {
    plan.arrival_at(position).unwrap_or(NEVER)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{ClassSpec, Load, Rate};
    use proptest::prelude::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    fn crowd(load: &str, weights: &[u32]) -> Crowd {
        let load = match load.parse::<Rate>() {
            Ok(rate) => Load::Rate { rate },
            Err(_) => Load::Stages { stages: load.parse().expect("stages") },
        };
        let classes = weights.iter().map(|weight| ClassSpec::new("class", *weight));
        Crowd { load, classes: classes.collect() }
    }

    fn all(arrivals: &mut Arrivals, until: Duration) -> Vec<Arrival> {
        std::iter::from_fn(|| arrivals.take(until)).collect()
    }

    fn one(load: &str, spacing: Spacing, seed: u64) -> Vec<Arrival> {
        all(&mut Arrivals::new(&crowd(load, &[1]), spacing, seed, (0, 1)), HOUR)
    }

    #[test]
    fn even_ones_come_at_their_number_over_the_rate() {
        let millis = |load| -> Vec<u128> {
            one(load, Spacing::Even, 7).iter().map(|it| it.due.as_millis()).collect()
        };
        assert_eq!(millis("10/s@0s, 10/s@500ms, 0/s@0s"), [0, 100, 200, 300, 400]);
        // A ramp from 0: the k-th comes when the area is k.
        assert_eq!(millis("4/s@2s, 0/s@0s"), [0, 1_000, 1_414, 1_732]);
        assert_eq!(millis("0/s@3s, 10/s@0s, 10/s@150ms, 0/s@0s"), [3_000, 3_100]);
        assert_eq!(millis("0/s"), [0; 0]);
    }

    #[test]
    fn poisson_gaps_are_exponential() {
        let times = one("50/s@0s, 50/s@1h, 0/s@0s", Spacing::Poisson, 7);
        let all = times.len() as f64;
        assert!((all - 180_000.0).abs() < 4.0 * 180_000_f64.sqrt(), "{all}");
        let gaps: Vec<f64> =
            times.windows(2).map(|pair| (pair[1].due - pair[0].due).as_secs_f64()).collect();
        // Of each gap, the chance of one as short is uniform: ten equal classes, 9 degrees of freedom; 27.88 is exceeded once in 1,000 seeds.
        let mut counts = [0.0; 10];
        for gap in &gaps {
            counts[((1.0 - (-gap * 50.0).exp()) * 10.0) as usize] += 1.0;
        }
        let expected = gaps.len() as f64 / 10.0;
        let chi_square: f64 =
            counts.iter().map(|count| (count - expected).powi(2) / expected).sum();
        assert!(chi_square < 27.88, "{counts:?}");
        let again = one("50/s@0s, 50/s@1h, 0/s@0s", Spacing::Poisson, 7);
        assert_eq!(times, again);
        assert_ne!(times[..9], one("50/s@0s, 50/s@1h, 0/s@0s", Spacing::Poisson, 8)[..9]);
    }

    proptest! {
        #[test]
        fn shards_share_the_sequence_and_go_on_when_the_rate_changes(
            shards in 1_usize..6, weights in prop::collection::vec(0_u32..9, 1..4), seed: u64, even: bool,
        ) {
            let crowd = crowd("20/s", &weights);
            let spacing = if even { Spacing::Even } else { Spacing::Poisson };
            let change = Duration::from_secs(10);
            let faster = Plan::new(&crowd.load).change(&Load::Rate { rate: Rate(60.0) }, change).expect("a rate");
            let sequence = |shard, shards| {
                let mut arrivals = Arrivals::new(&crowd, spacing, seed, (shard, shards));
                let mut found = all(&mut arrivals, change);
                arrivals.set(faster.clone());
                found.extend(all(&mut arrivals, change * 2));
                found
            };
            let whole = sequence(0, 1);
            let mut merged: Vec<Arrival> = (0..shards).flat_map(|shard| sequence(shard, shards)).collect();
            merged.sort_by_key(|arrival| arrival.number);
            prop_assert_eq!(&merged, &whole);
            if weights.iter().any(|weight| *weight > 0) {
                let mix: Vec<usize> = Mix::new(&crowd.classes).take(whole.len()).collect();
                prop_assert_eq!(whole.iter().map(|it| it.class).collect::<Vec<_>>(), mix);
                prop_assert!(whole.is_sorted_by_key(|it| it.due));
                prop_assert!(!even || whole.len() == 801, "{}", whole.len());
            }
        }
    }

    #[test]
    fn each_shard_gets_its_part_of_each_class() {
        let crowd = crowd("1000/s", &[1, 1]);
        let mut arrivals = Arrivals::new(&crowd, Spacing::Even, 7, (0, 2));
        let mine = all(&mut arrivals, Duration::from_secs(10));
        let of_a = mine.iter().filter(|it| it.class == 0).count();
        assert_eq!((mine.len(), of_a), (5_001, 2_501), "the one at 10 s too");
        let mut beyond = Arrivals::new(&crowd, Spacing::Even, 7, (2, 2));
        assert_eq!((beyond.next_due(), beyond.take(HOUR)), (None, None));
    }
}
