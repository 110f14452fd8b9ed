//! The limits that are found are those that queueing theory knows.

use super::services::{Served, Service, goal, search};
use crate::judge::search::Goal;
use crate::random::Random;

/// What came of many searches for a limit that is known.
#[derive(Debug, Default)]
struct Outcomes {
    searches: usize,
    /// How many found a limit within the bounds.
    inside: usize,
    /// How many gave an interval, and how many of these had the limit in it.
    intervals: usize,
    covered: usize,
    /// How many took four minutes at most.
    bearable: usize,
}

/// Searches with a service for each seed, from starts between 10 and 20 per second, so that levels stand differently to the limit.
fn outcomes(
    seeds: u64,
    criterion: &str,
    truth: f64,
    within: [f64; 2],
    service: impl Fn(u64) -> Service,
) -> Outcomes {
    let mut outcomes = Outcomes::default();
    for seed in 0..seeds {
        let mut service = service(seed);
        let start = 10.0 * 2_f64.powf(Random::new(seed, 1).unit());
        let goal = Goal { start, ..goal(criterion) };
        let (capacity, seconds) = search(goal, |rate| service.second(rate));
        let limit = capacity.limit().unwrap_or_default();
        let [low, high] = within;
        outcomes.searches += 1;
        outcomes.inside += usize::from((low..=high).contains(&(limit / truth)));
        outcomes.bearable += usize::from(seconds <= 240);
        if let Some([low, high]) = capacity.interval {
            outcomes.intervals += 1;
            outcomes.covered += usize::from((low..=high).contains(&truth));
        }
    }
    println!("{criterion}, {truth}/s: {outcomes:?}");
    outcomes
}

impl Outcomes {
    /// Asserts that at least these shares of searches, in percent, were within the bounds, and took four minutes at most.
    fn assert(&self, inside: usize, bearable: usize) {
        assert!(100 * self.inside >= inside * self.searches, "{self:?}");
        assert!(100 * self.bearable >= bearable * self.searches, "{self:?}");
        assert!(100 * self.covered >= 90 * self.intervals, "{self:?}");
        assert!(100 * self.intervals >= 80 * self.searches, "{self:?}");
    }
}

/// D/D/8: exactly k per second.
#[test]
fn a_service_of_eight_servers_and_constant_times() {
    for served_s in [0.04, 0.1] {
        let truth = 8.0 / served_s;
        let outcomes = outcomes(200, "p95 < 250ms", truth, [0.95, 1.02], |_| {
            Service::new(8, Served::Constant(served_s), 0.25)
        });
        outcomes.assert(100, 100);
    }
}

/// M/D/8: 200 per second at most, and at 191.3 the 95th percentile is 200 ms. 492 of 500 searches are inside.
#[test]
fn a_service_of_eight_servers_and_random_arrivals() {
    let outcomes = outcomes(500, "p95 < 200ms", 191.3, [0.95, 1.05], |seed| {
        Service::new(8, Served::Constant(0.04), 0.2).random(seed)
    });
    outcomes.assert(97, 99);
}

/// M/M/1: 250 per second at most, and the 95th percentile is ln 20 / (250 - rate) seconds. 499 of 500 searches are inside.
#[test]
fn a_service_of_one_server_and_random_times() {
    let outcomes = outcomes(500, "p95 < 40ms", 175.1, [0.9, 1.1], |seed| {
        Service::new(1, Served::Exponential(0.004), 0.04).random(seed)
    });
    outcomes.assert(97, 85);
}

/// Where some requests take far longer than most, levels of half a minute tell too little, and no interval is claimed. (Those of four such servers covered the limit
/// in two of three searches only.)
#[test]
fn a_service_of_mixed_times_has_no_interval() {
    let outcomes = outcomes(100, "p95 < 300ms", 1.0, [0.0, f64::INFINITY], |seed| {
        Service::new(1, Served::Mixed(0.01), 0.3).random(seed)
    });
    assert!(outcomes.intervals <= 5, "{outcomes:?}");
}
