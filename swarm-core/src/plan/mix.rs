//! Which class each user is.

use super::spec::ClassSpec;

/// The classes of users 0, 1, 2, …: fixed counts first, then by weight.
///
/// Every prefix of the weighted part is within one user of each class's exact share. So a ramp keeps the mix at all times, and going down
/// (the highest index stops first) undoes going up. Among the classes below their exact share, the one whose next user is due earliest goes
/// next: Tijdeman's rule for the chairman assignment problem (Discrete Mathematics 32, 1980).
///
/// ```
/// use swarm_core::plan::{ClassSpec, Mix};
///
/// let classes = [ClassSpec::new("A", 4), ClassSpec::new("B", 5)];
/// let first: Vec<usize> = Mix::new(&classes).take(9).collect();
/// assert_eq!(first.iter().filter(|class| **class == 0).count(), 4);
/// ```
#[derive(Debug, Clone)]
pub struct Mix {
    fixed: Vec<u32>,
    weights: Vec<u32>,
    chosen: Vec<u64>,
    /// Weighted users so far.
    given: u64,
}

impl Mix {
    /// The mix of these classes. A class with a fixed count has no weight.
    #[must_use]
    pub fn new(classes: &[ClassSpec]) -> Self {
        Self {
            fixed: classes.iter().map(|class| class.fixed_count).collect(),
            weights: classes
                .iter()
                .map(|class| if class.fixed_count > 0 { 0 } else { class.weight })
                .collect(),
            chosen: vec![0; classes.len()],
            given: 0,
        }
    }

    /// The next of the fixed users: of the class that has most of them left.
    fn next_fixed(&mut self) -> Option<usize> {
        let most = *self.fixed.iter().max()?;
        let class = self.fixed.iter().position(|left| *left == most && most > 0)?;
        self.fixed[class] -= 1;
        Some(class)
    }

    fn next_weighted(&mut self) -> Option<usize> {
        let total: u128 = self.weights.iter().map(|weight| u128::from(*weight)).sum();
        let position = u128::from(self.given) + 1;
        let class = (0..self.weights.len())
            .filter(|class| {
                let weight = u128::from(self.weights[*class]);
                u128::from(self.chosen[*class]) * total < weight * position
            })
            // Due: (chosen + 1) / weight, compared without division.
            .min_by(|a, b| {
                let due = |class: usize, other: usize| {
                    u128::from(self.chosen[class] + 1) * u128::from(self.weights[other])
                };
                due(*a, *b).cmp(&due(*b, *a))
            })?;
        self.chosen[class] += 1;
        self.given += 1;
        Some(class)
    }
}

impl Iterator for Mix {
    type Item = usize;

    /// The class of the next user; none when there are only fixed counts and they are used up.
    fn next(&mut self) -> Option<usize> {
        self.next_fixed().or_else(|| self.next_weighted())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    fn classes(weights: &[u32]) -> Vec<ClassSpec> {
        weights.iter().map(|weight| ClassSpec::new("class", *weight)).collect()
    }

    #[test]
    fn nine_users_of_four_to_five_are_four_and_five() {
        let mix: Vec<usize> = Mix::new(&classes(&[4, 5])).take(9).collect();
        assert_eq!(mix.iter().filter(|class| **class == 0).count(), 4, "{mix:?}");
    }

    #[test]
    fn every_prefix_of_1000_random_mixes_is_within_one_user_of_the_exact_share() {
        let mut random = Random::new(2, 0);
        for _ in 0..1_000 {
            let count = random.number(1..=12);
            let weights: Vec<u32> = (0..count)
                .map(|_| u32::try_from(random.number(1..=1_000)).expect("small"))
                .collect();
            let total: u32 = weights.iter().sum();
            let mut given = vec![0_u32; weights.len()];
            for (n, class) in Mix::new(&classes(&weights)).take(300).enumerate() {
                given[class] += 1;
                for (weight, given) in weights.iter().zip(&given) {
                    let share = f64::from(*weight) * (n + 1) as f64 / f64::from(total);
                    assert!((share - f64::from(*given)).abs() < 1.0, "{weights:?} at {n}");
                }
            }
        }
    }

    #[test]
    fn fixed_counts_come_first_and_so_go_last() {
        let mut specs = classes(&[1, 1, 1]);
        specs[1].fixed_count = 2;
        specs[2].fixed_count = 1;
        let mix: Vec<usize> = Mix::new(&specs).take(6).collect();
        assert_eq!(mix, [1, 1, 2, 0, 0, 0]);
        specs[0].fixed_count = 1;
        assert_eq!(Mix::new(&specs).count(), 4, "only fixed counts: the sequence ends");
    }
}
