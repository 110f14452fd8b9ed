//! A shard: one thread's users, started and stopped by the plan, and their figures once a second.

use super::closed::Closed;
use super::heart::Heart;
use super::hive::Hive;
use super::panics;
use super::seat::{Figures, FromShard, Orders, PERIOD, Seat, ToShard};
use crate::context::Life;
use crate::plan::Crowd;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// Runs a shard until it was told to stop and its users are gone. Must be called where `spawn_local` works.
pub(super) async fn run(mut seat: Seat) {
    panics::install();
    let mut shard = Shard::new(&mut seat);
    let heart = tokio::task::spawn_local(shard.heart.clone().beat());
    let stop_request = shard.hive.stop_request();
    let mut report_at = seat.origin + PERIOD;
    let mut heard = true;
    while !(shard.stopping && shard.hive.is_empty()) {
        let change_at = shard.adjust();
        tokio::select! {
            biased;
            command = seat.commands.recv(), if heard => match command {
                Some(ToShard::Plans(orders)) => shard.set(orders),
                Some(ToShard::Stop(cut_at)) => shard.stop(cut_at),
                Some(ToShard::Reset) => shard.hive.reset(),
                // Nobody is left to tell: end at once.
                None => {
                    heard = false;
                    shard.stop(Instant::now());
                }
            },
            () = sleep_until(report_at) => {
                let _ = seat.reports.send(FromShard::Figures(Box::new(shard.report(false))));
                report_at = seat.origin + PERIOD * (shard.elapsed_seconds() + 1);
            }
            () = sleep_until(change_at) => {}
            (class, reason) = stop_request.asked() => {
                let _ = seat.reports.send(FromShard::StopTest { class, reason });
            }
            () = shard.hive.gone() => {}
        }
    }
    heart.abort();
    let last = shard.report(true);
    shard.hive.close();
    let _ = seat.reports.send(FromShard::Figures(Box::new(last)));
}

struct Shard {
    number: usize,
    heart: Heart,
    hive: Hive,
    crowds: Vec<Closed>,
    stopping: bool,
}

impl Shard {
    fn new(seat: &mut Seat) -> Self {
        let crowds = Crowd::of(&seat.spec).len();
        Self {
            number: seat.number,
            heart: Heart::default(),
            crowds: (0..crowds).map(|crowd| Closed::new(crowd, crowds)).collect(),
            hive: Hive::new(seat),
            stopping: false,
        }
    }

    fn set(&mut self, orders: Vec<Orders>) {
        for (crowd, orders) in self.crowds.iter_mut().zip(orders) {
            crowd.set(orders, &mut self.hive);
        }
    }

    /// Starts and stops users so that those wanted now run. Returns when to look again.
    fn adjust(&mut self) -> Instant {
        let never = Instant::now() + Duration::from_secs(3_600);
        if self.stopping {
            return never;
        }
        let next = self.crowds.iter_mut().filter_map(|crowd| crowd.adjust(&mut self.hive)).min();
        next.and_then(|at| self.hive.origin().checked_add(at)).map_or(never, |at| at.min(never))
    }

    fn stop(&mut self, cut_at: Instant) {
        self.stopping = true;
        let users = self.crowds.iter_mut().flat_map(Closed::leave).collect();
        self.hive.stop(users, cut_at);
    }

    /// Whole seconds since the start.
    fn elapsed_seconds(&self) -> u32 {
        u32::try_from(self.hive.now().as_secs()).unwrap_or(u32::MAX)
    }

    fn report(&mut self, last: bool) -> Figures {
        let mut users = self.hive.counts();
        for (class, context) in self.crowds.iter().flat_map(Closed::users) {
            match context.signal().life() {
                Life::Starting => users[class].starting += 1,
                Life::Running => users[class].running += 1,
                Life::Stopping => users[class].ended += 1,
            }
        }
        // The last one is told in the middle of a second, all others at its end.
        let second = u64::from(self.elapsed_seconds());
        let second = if last { second } else { second.saturating_sub(1) };
        let lag = self.heart.lag();
        Figures { shard: self.number, second, lag, delta: self.hive.drain(), users, last }
    }
}
