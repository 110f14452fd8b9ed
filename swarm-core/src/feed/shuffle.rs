//! A shuffled order that needs no memory: any place in it is computed.

use crate::random::Random;

/// More rounds mix no better (the tests measure it), fewer do worse.
const ROUNDS: u32 = 6;

/// Which of `rows` stands at this place, in the order of this key. Each row stands at one place.
///
/// A Feistel network is a permutation of the numbers of an even number of bits, whatever its rounds compute. From a number that is no row it goes on
/// until it finds one, which keeps it a permutation; at most every fourth number is one of few rows, so that takes few steps.
pub(super) fn shuffled(place: u64, rows: u64, key: u64) -> u64 {
    let bits = u64::BITS - rows.saturating_sub(1).leading_zeros();
    // Of fewer bits there are too few permutations.
    let half = bits.div_ceil(2).max(3);
    let mask = (1 << half) - 1;
    let mut number = place;
    loop {
        let (mut left, mut right) = (number >> half, number & mask);
        for round in 0..ROUNDS {
            let chance = Random::new(key.wrapping_add(right), round).number(0..=mask);
            (left, right) = (right, left ^ chance);
        }
        number = left << half | right;
        if number < rows {
            return number;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn each_row_stands_at_one_place(rows in 1_u64..3_000, key: u64) {
            let mut order: Vec<u64> = (0..rows).map(|place| shuffled(place, rows, key)).collect();
            order.sort_unstable();
            prop_assert!(order.into_iter().eq(0..rows));
        }
    }

    #[test]
    fn all_orders_of_a_few_rows_are_equally_likely() {
        let mut seen = std::collections::BTreeMap::new();
        for key in 0..24_000 {
            let order: Vec<u64> = (0..4).map(|place| shuffled(place, 4, key)).collect();
            *seen.entry(order).or_insert(0.0) += 1.0;
        }
        assert_eq!(seen.len(), 24, "every order of four rows");
        let chi_square: f64 = seen.values().map(|n: &f64| (n - 1_000.0).powi(2) / 1_000.0).sum();
        // 23 degrees of freedom: 49.7 is exceeded once in a thousand times; the keys are fixed.
        assert!(chi_square < 49.7, "{chi_square}: {seen:?}");
    }

    #[test]
    fn neighbours_do_not_stay_neighbours() {
        for rows in [1_000_u64, 1_024, 70_000] {
            let order: Vec<u64> = (0..rows).map(|place| shuffled(place, rows, 7)).collect();
            let near = order.windows(2).filter(|pair| pair[0].abs_diff(pair[1]) == 1).count();
            // About two are expected, whatever the number of rows.
            assert!(near < 10, "{near} of {rows}");
        }
    }
}
