//! A shard: one thread's users, started and stopped by the plan, and their figures once a second.

use super::closed::Closed;
use super::guests::Guests;
use super::heart::Heart;
use super::hive::Hive;
use super::open::Open;
use super::seat::{ClassUsers, Figures, FromShard, Orders, PERIOD, Seat, ToShard};
use crate::context::{Context, Life};
use crate::engine::life::panics;
use crate::plan::{Crowd, Unit};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// Runs a shard until it was told to stop and its users are gone. Must be called where `spawn_local` works.
pub(crate) async fn run(mut seat: Seat) {
    panics::install();
    let mut shard = Shard::new(&mut seat);
    let heart = tokio::task::spawn_local(shard.heart.clone().beat());
    let stop_request = shard.hive.stop_request();
    let notes = shard.hive.notes();
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
            marks = notes.next() => send(marks, &seat),
            gone = shard.hive.gone() => gone.into_iter().for_each(|user| shard.guests.forget(user)),
        }
    }
    heart.abort();
    send(notes.take(), &seat);
    let last = shard.report(true);
    shard.hive.close();
    let _ = seat.reports.send(FromShard::Figures(Box::new(last)));
}

/// Hands over marks.
fn send(marks: Vec<(Duration, String)>, seat: &Seat) {
    for (at, text) in marks {
        let _ = seat.reports.send(FromShard::Mark { at, text });
    }
}

/// One crowd's users here.
enum Group {
    Closed(Closed),
    Open(Box<Open>),
}

struct Shard {
    number: usize,
    heart: Heart,
    hive: Hive,
    crowds: Vec<Group>,
    guests: Guests,
    stopping: bool,
}

impl Shard {
    fn new(seat: &mut Seat) -> Self {
        let crowds = Crowd::of(&seat.spec);
        // Where there is no room for one user nothing shall arrive.
        let shard = (seat.number, seat.shards.min(seat.spec.max_users as usize).max(1));
        let group = |(number, crowd): (usize, &Crowd)| {
            let place = (number, crowds.len());
            match crowd.load.unit() {
                Unit::Users => Group::Closed(Closed::new(place)),
                Unit::Rate => Group::Open(Box::new(Open::new(place, shard, crowd, &seat.spec))),
            }
        };
        Self {
            number: seat.number,
            heart: Heart::default(),
            crowds: crowds.iter().enumerate().map(group).collect(),
            guests: Guests::new(&seat.spec, shard),
            hive: Hive::new(seat),
            stopping: false,
        }
    }

    fn set(&mut self, orders: Vec<Orders>) {
        for (crowd, orders) in self.crowds.iter_mut().zip(orders) {
            match crowd {
                Group::Closed(crowd) => crowd.set(orders, &mut self.hive),
                Group::Open(crowd) => crowd.set(orders),
            }
        }
    }

    /// Starts and stops users so that those wanted now run. Returns when to look again.
    fn adjust(&mut self) -> Instant {
        let never = Instant::now() + Duration::from_secs(3_600);
        if self.stopping {
            return never;
        }
        // Their places are free for what arrives now.
        while let Some(gone) = self.hive.next_gone() {
            self.guests.forget(gone);
        }
        let (guests, hive) = (&mut self.guests, &mut self.hive);
        let next = self.crowds.iter_mut().filter_map(|crowd| match crowd {
            Group::Closed(crowd) => crowd.adjust(hive),
            Group::Open(crowd) => crowd.adjust(guests, hive),
        });
        next.min()
            .and_then(|at| self.hive.origin().checked_add(at))
            .map_or(never, |at| at.min(never))
    }

    fn stop(&mut self, cut_at: Instant) {
        self.stopping = true;
        let users = self.crowds.iter_mut().flat_map(|crowd| match crowd {
            Group::Closed(crowd) => crowd.leave(),
            Group::Open(_) => Vec::new(),
        });
        let users = users.chain(self.guests.leave()).collect();
        self.hive.stop(users, cut_at);
    }

    /// Whole seconds since the start.
    fn elapsed_seconds(&self) -> u32 {
        u32::try_from(self.hive.now().as_secs()).unwrap_or(u32::MAX)
    }

    fn report(&mut self, last: bool) -> Figures {
        let mut users = self.hive.counts();
        for crowd in &self.crowds {
            if let Group::Closed(crowd) = crowd {
                count(crowd.users(), &mut users);
            }
        }
        count(self.guests.users(), &mut users);
        // The last one is told in the middle of a second, all others at its end.
        let second = u64::from(self.elapsed_seconds());
        let second = if last { second } else { second.saturating_sub(1) };
        let lag = self.heart.lag();
        Figures { shard: self.number, second, lag, delta: self.hive.drain(), users, last }
    }
}

fn count<'a>(of: impl Iterator<Item = (usize, &'a Context)>, users: &mut [ClassUsers]) {
    for (class, context) in of {
        let users = &mut users[class];
        match context.signal().life() {
            Life::Starting => users.starting += 1,
            Life::Running => users.running += 1,
            Life::Stopping => users.ended += 1,
        }
        users.in_flight += u32::from(!context.is_resting());
    }
}
