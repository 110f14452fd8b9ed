//! Who gets which row.

use crate::feed::cursor::{Cursor, NoRow, Part, Taken};
use crate::feed::order::{AtEnd, Order};
use crate::random::Random;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread;

const ORDERS: [Order; 6] = [
    Order::Circular,
    Order::Shuffled,
    Order::Unique,
    Order::Once { then: AtEnd::Stop },
    Order::Once { then: AtEnd::Fail },
    Order::Once { then: AtEnd::Wrap },
];

fn cursor(order: Order, rows: usize) -> Arc<Cursor> {
    Arc::new(Cursor::new(order, rows, Part::WHOLE, 7, "Account"))
}

/// Takes a row; no chance.
fn take(cursor: &Arc<Cursor>) -> Result<usize, NoRow> {
    cursor.take(|_| 0).map(|taken| taken.row)
}

fn taken(cursor: &Arc<Cursor>, count: usize) -> Vec<usize> {
    (0..count).map(|_| take(cursor).expect("a row")).collect()
}

#[test]
fn rows_come_in_the_declared_order() {
    let once = |then| Order::Once { then };
    for (order, expected) in [
        (Order::Circular, [Ok(0), Ok(1), Ok(2), Ok(0), Ok(1)]),
        (once(AtEnd::Wrap), [Ok(0), Ok(1), Ok(2), Ok(0), Ok(1)]),
        (once(AtEnd::Stop), [Ok(0), Ok(1), Ok(2), Err(NoRow::UsedUpStop), Err(NoRow::UsedUpStop)]),
        (once(AtEnd::Fail), [Ok(0), Ok(1), Ok(2), Err(NoRow::UsedUpFail), Err(NoRow::UsedUpFail)]),
    ] {
        let cursor = cursor(order, 3);
        assert_eq!([(); 5].map(|()| take(&cursor)), expected, "{order:?}");
    }
}

#[test]
fn a_lent_row_comes_again_when_it_was_given_back_and_all_others_were_lent() {
    let cursor = cursor(Order::Unique, 3);
    let lend = || cursor.take(|_| 0);
    let first = lend().expect("a row");
    let second = lend().expect("a row");
    assert_eq!((first.row, second.row), (0, 1));
    drop(second);
    drop(first);
    let all = [(); 3].map(|()| lend().expect("a row"));
    assert_eq!([all[0].row, all[1].row, all[2].row], [2, 1, 0], "that which rested longest");
    assert_eq!(lend().map(|taken| taken.row), Err(NoRow::AllLent));
    drop(all);
    assert!(lend().is_ok());
}

#[test]
fn chance_is_the_users_and_each_row_is_equally_likely() {
    let cursor = cursor(Order::Random, 4);
    let draws = |number| {
        let mut random = Random::new(1, number);
        let mut draw = || cursor.take(|rows| random.number(0..=rows - 1)).expect("a row").row;
        (0..10_000).map(|_| draw()).collect::<Vec<_>>()
    };
    assert_eq!(draws(0), draws(0));
    assert_ne!(draws(0), draws(1));
    for row in 0..4 {
        let times = draws(0).iter().filter(|drawn| **drawn == row).count();
        assert!((2_300..2_700).contains(&times), "{row}: {times} of 10,000");
    }
}

#[test]
fn a_shuffled_order_is_decided_by_the_seed_and_the_feed_and_differs_from_pass_to_pass() {
    let two_passes = |seed, name| {
        let cursor = Arc::new(Cursor::new(Order::Shuffled, 100, Part::WHOLE, seed, name));
        (taken(&cursor, 100), taken(&cursor, 100))
    };
    let (first, second) = two_passes(1, "Account");
    assert_eq!(two_passes(1, "Account"), (first.clone(), second.clone()));
    for other in [second, two_passes(2, "Account").0, two_passes(1, "Product").0] {
        assert_ne!(first, other);
        assert_eq!(BTreeSet::from_iter(other), (0..100).collect(), "each row once");
    }
}

#[test]
fn threads_share_one_order() {
    for order in ORDERS {
        let cursor = cursor(order, 1_000);
        let work = || {
            let cursor = &cursor;
            // Kept, so that what is lent is not given back.
            move || (0..250).map(|_| cursor.take(|_| 0).expect("a row")).collect::<Vec<_>>()
        };
        let all: Vec<Taken> = thread::scope(|scope| {
            let threads = [(); 4].map(|()| scope.spawn(work()));
            threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
        });
        let rows: BTreeSet<usize> = all.iter().map(|taken| taken.row).collect();
        assert_eq!(rows.len(), 1_000, "{order:?}: each row once");
    }
}

proptest! {
    #[test]
    fn a_row_is_never_lent_to_two(
        rows in 1_usize..8,
        // Takes a row, or gives back the one at this place.
        steps in prop::collection::vec(prop::option::of(0_usize..8), 1..200),
    ) {
        let cursor = cursor(Order::Unique, rows);
        let mut lent: Vec<Taken> = Vec::new();
        for step in steps {
            match step {
                None => match cursor.take(|_| 0) {
                    Ok(taken) => {
                        prop_assert!(lent.iter().all(|known| known.row != taken.row));
                        prop_assert!(taken.row < rows);
                        lent.push(taken);
                    }
                    Err(none) => {
                        prop_assert_eq!(none, NoRow::AllLent);
                        prop_assert_eq!(lent.len(), rows, "there was a free one");
                    }
                },
                Some(at) if at < lent.len() => drop(lent.swap_remove(at)),
                Some(_) => {}
            }
        }
    }

    #[test]
    fn taking_turns_is_fair(rows in 1_usize..50, takes in 0_usize..500, wrap: bool) {
        let order = if wrap { Order::Once { then: AtEnd::Wrap } } else { Order::Circular };
        let mut times = vec![0_usize; rows];
        taken(&cursor(order, rows), takes).into_iter().for_each(|row| times[row] += 1);
        let (least, most) = (times.iter().min(), times.iter().max());
        prop_assert!(most.zip(least).is_some_and(|(most, least)| most - least <= 1), "{:?}", times);
    }

    #[test]
    fn each_pass_of_a_shuffled_order_has_each_row(rows in 1_usize..300, passes in 1_usize..4) {
        let order = cursor(Order::Shuffled, rows);
        for _ in 0..passes {
            prop_assert_eq!(BTreeSet::from_iter(taken(&order, rows)), (0..rows).collect());
        }
    }

    #[test]
    fn machines_that_share_the_rows_use_each_once(rows in 1_usize..100, machines in 1_u64..6) {
        for order in ORDERS {
            let mut all = Vec::new();
            for index in 0..machines {
                let part = Part { index, of: machines };
                let cursor = Arc::new(Cursor::new(order, rows, part, 7, "Account"));
                let share = (rows as u64).saturating_sub(index).div_ceil(machines);
                let kept: Vec<Taken> = (0..share).map(|_| cursor.take(|_| 0).expect("a row")).collect();
                all.extend(kept.iter().map(|taken| taken.row));
                if let Order::Unique | Order::Once { then: AtEnd::Stop | AtEnd::Fail } = order {
                    prop_assert!(take(&cursor).is_err(), "{:?}: its share is used up", order);
                }
            }
            prop_assert_eq!(all.len(), rows);
            prop_assert_eq!(BTreeSet::from_iter(all), (0..rows).collect(), "{:?}", order);
        }
    }
}
