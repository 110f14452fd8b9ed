//! Iterations that arrive on a schedule: the part of one crowd that comes to one shard.

use super::guests::Guests;
use super::hive::Hive;
use super::seat::Orders;
use crate::plan::{Arrivals, Crowd, RunSpec};
use std::time::Duration;

/// What arrives for a crowd on a shard.
pub(crate) struct Open {
    /// Which crowd of how many it is.
    place: (usize, usize),
    /// Which shard of how many it is on.
    shard: (usize, usize),
    arrivals: Arrivals,
    /// Whether it was told to begin.
    told: bool,
    /// Users that were started.
    started: u64,
}

impl Open {
    /// Nothing has arrived yet.
    pub(crate) fn new(
        place: (usize, usize),
        shard: (usize, usize),
        crowd: &Crowd,
        spec: &RunSpec,
    ) -> Self {
        // Crowds of the same rate are not in step.
        let seed = spec.seed.wrapping_add(place.0 as u64);
        let arrivals = Arrivals::new(crowd, spec.arrivals, seed, shard);
        Self { place, shard, arrivals, told: false, started: 0 }
    }

    /// Goes on by another plan.
    pub(crate) fn set(&mut self, orders: Orders) {
        self.arrivals.set(orders.plan);
        self.told = true;
    }

    /// Sees to what has arrived. Returns when the next is due; none if never.
    pub(crate) fn adjust(&mut self, guests: &mut Guests, hive: &mut Hive) -> Option<Duration> {
        if !self.told {
            return None;
        }
        let now = hive.now();
        while let Some(arrival) = self.arrivals.take(now) {
            let visits = hive.visits(arrival.class);
            let number = || if visits { self.number(arrival.number) } else { self.next_number() };
            guests.receive(arrival, number, hive);
        }
        self.arrivals.next_due()
    }

    /// Numbers of users that are started here and stay: those of all shards are different. Who visits has the number of its arrival.
    fn next_number(&mut self) -> u32 {
        let (shard, shards) = self.shard;
        self.started += 1;
        self.number((self.started - 1) * shards as u64 + shard as u64)
    }

    fn number(&self, index: u64) -> u32 {
        let (crowd, crowds) = self.place;
        Crowd::number(crowd, crowds, index)
    }
}
