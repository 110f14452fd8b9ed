//! Iterations that arrive on a schedule: the part of one crowd that comes to one shard.

use super::guests::Guests;
use super::hive::Hive;
use super::seat::Orders;
use crate::plan::{Arrivals, Crowd, RunSpec};
use std::time::Duration;

/// What arrives for a crowd on a shard.
pub(super) struct Open {
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
    pub(super) fn new(
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
    pub(super) fn set(&mut self, orders: Orders) {
        self.arrivals.set(orders.plan);
        self.told = true;
    }

    /// Sees to what has arrived. Returns when the next is due; none if never.
    pub(super) fn adjust(&mut self, guests: &mut Guests, hive: &mut Hive) -> Option<Duration> {
        if !self.told {
            return None;
        }
        let now = hive.now();
        while let Some(arrival) = self.arrivals.take(now) {
            guests.receive(arrival, || self.next_number(), hive);
        }
        self.arrivals.next_due()
    }

    /// Numbers of users that are started here: those of all shards are different.
    fn next_number(&mut self) -> u32 {
        let ((crowd, crowds), (shard, shards)) = (self.place, self.shard);
        let index = self.started * shards as u64 + shard as u64;
        self.started += 1;
        Crowd::number(crowd, crowds, index)
    }
}
