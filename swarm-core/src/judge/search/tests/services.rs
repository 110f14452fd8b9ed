//! Simulated services: a load in, figures out, second by second.

use crate::judge::search::{Capacity, Counted, Goal, Search, SearchSecond, Step};
use crate::plan::Unit;
use crate::random::Random;
use crate::stats::Distribution;
use crate::threshold::parse_list;
use std::time::Duration;

/// How long requests are served.
#[derive(Clone, Copy)]
pub(super) enum Served {
    /// Always so many seconds.
    Constant(f64),
    /// So many seconds on average, with the exponential distribution.
    Exponential(f64),
    /// The same, where one of ten takes ten times as long as the others, on average.
    Mixed(f64),
}

/// A service of so many servers, with one queue in front of them, under an open load.
pub(super) struct Service {
    served: Served,
    bound_s: f64,
    /// What arrivals and times are drawn from; without it, arrivals are even.
    random: Option<Random>,
    /// When each server is free. They take requests in turn, which is right for constant times, and for one server.
    free_at: Vec<f64>,
    turn: usize,
    now_s: f64,
    next_s: f64,
    arrived: u64,
    ended: u64,
    /// What ends in each second.
    ends: Vec<(Counted, Distribution)>,
}

impl Service {
    /// A service with even arrivals.
    pub(super) fn new(servers: usize, served: Served, bound_s: f64) -> Self {
        Self {
            served,
            bound_s,
            random: None,
            free_at: vec![0.0; servers],
            turn: 0,
            now_s: 0.0,
            next_s: 0.0,
            arrived: 0,
            ended: 0,
            ends: Vec::new(),
        }
    }

    /// The same, with arrivals of a Poisson process.
    pub(super) fn random(self, seed: u64) -> Self {
        Self { random: Some(Random::new(seed, 0)), ..self }
    }

    fn exponential(&mut self, mean: f64) -> f64 {
        self.random.as_mut().map_or(mean, |random| -(1.0 - random.unit()).ln() * mean)
    }

    fn service_time(&mut self) -> f64 {
        match self.served {
            Served::Constant(seconds) => seconds,
            Served::Exponential(mean) => self.exponential(mean),
            Served::Mixed(mean) => {
                let slow = self.random.as_mut().is_some_and(|random| random.unit() < 0.1);
                self.exponential(mean / 1.9 * if slow { 10.0 } else { 1.0 })
            }
        }
    }

    /// A second at this rate.
    pub(super) fn second(&mut self, rate: f64) -> SearchSecond {
        // Times are recorded in steps: a distribution of few distinct times costs little.
        let step_s = self.bound_s / 32.0;
        let end_s = self.now_s + 1.0;
        let mut at_s = self.next_s.max(self.now_s);
        while at_s < end_s {
            let done_s = self.free_at[self.turn].max(at_s) + self.service_time();
            self.free_at[self.turn] = done_s;
            self.turn = (self.turn + 1) % self.free_at.len();
            let second = done_s as usize;
            if self.ends.len() <= second {
                self.ends.resize_with(second + 1, Default::default);
            }
            let (counted, times) = &mut self.ends[second];
            counted.of += 1;
            counted.over += u64::from(done_s - at_s >= self.bound_s);
            let steps = ((done_s - at_s) / step_s).round();
            times.record(Duration::from_micros((steps * step_s * 1e6) as u64));
            self.arrived += 1;
            at_s += self.exponential(1.0 / rate);
        }
        let ends = self.ends.get_mut(self.now_s as usize);
        let (counted, times) = ends.map(std::mem::take).unwrap_or_default();
        (self.next_s, self.now_s) = (at_s, end_s);
        self.ended += counted.of;
        SearchSecond {
            reached: true,
            iterations: counted.of,
            in_flight: self.arrived - self.ended,
            times,
            counts: vec![counted],
            ..SearchSecond::default()
        }
    }
}

/// A goal over rates.
pub(super) fn goal(criteria: &str) -> Goal {
    Goal::new(Unit::Rate, parse_list(criteria).expect("valid")).expect("shares")
}

/// Searches to the end. What was found, and how many seconds it took.
pub(super) fn search(goal: Goal, mut second: impl FnMut(f64) -> SearchSecond) -> (Capacity, u32) {
    let mut search = Search::new(goal);
    let mut level = search.start();
    for seconds in 1..3_600 {
        match search.add(&second(level)) {
            Step::Hold => {}
            Step::Set(next) => level = next,
            Step::Done => return (search.capacity(), seconds),
        }
    }
    panic!("it does not end: {:?}", search.capacity());
}
