//! One level of load, held until it is judged.

use super::capacity::LimitedBy;
use super::goal::Goal;
use super::second::{Counted, SearchSecond};
use super::sums::{Sums, Usual};
use crate::plan::Unit;

/// For so many seconds running in-flight has to be too high: a moment may be chance.
const CROWDED_S: u32 = 3;
/// A level is not judged by fewer seconds.
const LEAST_S: u32 = 3;
/// The share of iterations that may not find a free user.
const MAY_DROP: f64 = 0.01;

/// Why a level is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// On the way up: briefly, judged leniently.
    Up,
    /// Between one that held and one that failed: longer, judged leniently.
    Between,
    /// To be the answer: longest, judged strictly.
    Confirm,
}

impl Purpose {
    /// Seconds to settle and to measure, where the bound of response times is this many seconds: queues need time to become long, the more the longer they may be.
    fn times(self, bound_s: f64) -> (u32, u32) {
        let (settle, measure) = match self {
            Self::Up => (2, 5),
            Self::Between => (3, 12),
            Self::Confirm => (3, 30),
        };
        let at_least = |seconds: u32, bounds: f64| seconds.max((bounds * bound_s).ceil() as u32);
        (at_least(settle, 2.0), at_least(measure, 10.0))
    }

    /// How many may be over a bound where so many are allowed. What is few is chance.
    fn may_be_over(self, allowed: f64) -> f64 {
        match self {
            Self::Up => 1.5 * allowed + 2.0 * allowed.sqrt(),
            Self::Between => 1.5 * allowed,
            Self::Confirm => allowed,
        }
    }
}

/// How a level ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Verdict {
    /// The search may go on upwards.
    Held,
    /// It may not, because of this; with the evidence against the generator.
    Failed(LimitedBy, Option<String>),
}

/// A level as it is held.
#[derive(Debug, Clone)]
pub(super) struct Hold {
    pub(super) offered: f64,
    pub(super) purpose: Purpose,
    /// For each criterion, the share that may be over it.
    allowed: Vec<f64>,
    /// How many may be in flight: 1.5 times what could be if response times kept their bound, by Little's law, and two that are there by chance.
    most_in_flight: f64,
    settling_s: u32,
    planned_s: u32,
    crowded_s: u32,
    bad_s: u32,
    why: Option<String>,
    /// Of the seconds that count; while it settles, of those so far.
    pub(super) sums: Sums,
}

impl Hold {
    /// A level that begins; what iterations are made of is known from another one, unless this is the first.
    pub(super) fn new(goal: &Goal, offered: f64, purpose: Purpose, usual: Option<Usual>) -> Self {
        let bound_s = goal.bound_s();
        let (settling_s, planned_s) = purpose.times(bound_s.unwrap_or(0.0));
        let most_in_flight = match (goal.unit, bound_s, usual) {
            (Unit::Rate, Some(bound_s), Some(usual)) => {
                1.5 * offered * (usual.requests * bound_s + usual.waits_s) + 2.0
            }
            _ => f64::INFINITY,
        };
        Self {
            offered,
            purpose,
            allowed: goal.allowed(),
            most_in_flight,
            settling_s,
            planned_s,
            crowded_s: 0,
            bad_s: 0,
            why: None,
            sums: Sums::default(),
        }
    }

    /// Whether seconds count.
    pub(super) fn is_measured(&self) -> bool {
        self.settling_s == 0
    }

    /// Takes in a second. The verdict, if there is one by it.
    pub(super) fn add(&mut self, second: &SearchSecond) -> Option<Verdict> {
        if !second.reached {
            return None;
        }
        let crowded = second.in_flight as f64 > self.most_in_flight;
        self.crowded_s = if crowded { self.crowded_s + 1 } else { 0 };
        match &second.generator {
            Some(why) if self.is_measured() => {
                self.bad_s += 1;
                self.why = Some(why.clone());
            }
            _ => self.sums.add(second),
        }
        if self.bad_s >= LEAST_S && 3 * self.bad_s as usize > self.sums.seconds.len() {
            return Some(Verdict::Failed(LimitedBy::Generator, self.why.clone()));
        }
        if self.crowded_s >= CROWDED_S {
            return Some(Verdict::Failed(LimitedBy::Target, None));
        }
        if self.is_measured() {
            return self.verdict();
        }
        self.settling_s -= 1;
        if self.is_measured() {
            self.sums = Sums::default();
        }
        None
    }

    fn verdict(&self) -> Option<Verdict> {
        let measured_s = self.sums.seconds.len() as u32;
        if measured_s < LEAST_S {
            return None;
        }
        let whole_s = f64::from(self.planned_s.max(measured_s));
        let fraction = f64::from(measured_s) / whole_s;
        // Too many already, whatever the rest of the time brings.
        let failed = self.criteria().any(|(counted, allowed)| {
            let expected = counted.of as f64 / fraction;
            counted.over as f64 > self.purpose.may_be_over(expected * allowed)
        });
        if failed {
            return Some(Verdict::Failed(LimitedBy::Target, None));
        }
        if self.sums.dropped as f64 > MAY_DROP * self.offered * whole_s {
            return Some(Verdict::Failed(LimitedBy::MaxUsers, None));
        }
        if measured_s < self.planned_s || self.wants_more(measured_s) {
            return None;
        }
        let seen = |(counted, _): (Counted, f64)| counted.of > 0;
        let enough = match self.purpose {
            // No data does not pass.
            Purpose::Confirm => self.criteria().all(seen),
            Purpose::Up | Purpose::Between => self.criteria().any(seen),
        };
        Some(if enough { Verdict::Held } else { Verdict::Failed(LimitedBy::Target, None) })
    }

    /// Whether there were too few to tell a share by: none of n says that it is below 3/n, at 95 %.
    fn wants_more(&self, measured_s: u32) -> bool {
        let few = |(counted, allowed): (Counted, f64)| (counted.of as f64) * allowed < 3.0;
        self.purpose != Purpose::Up && measured_s < 4 * self.planned_s && self.criteria().any(few)
    }

    /// Whether all shares are within what is allowed, strictly.
    pub(super) fn keeps_criteria(&self) -> bool {
        self.criteria().all(|(counted, allowed)| counted.of > 0 && counted.share() <= allowed)
    }

    /// For each criterion, what was counted and the share that is allowed.
    fn criteria(&self) -> impl Iterator<Item = (Counted, f64)> {
        self.sums.counts.iter().copied().zip(self.allowed.iter().copied())
    }

    /// The request that was over a bound most often, if that is known. Forgets them.
    pub(super) fn broke_first(&mut self) -> Option<String> {
        let requests = self.sums.take_requests();
        let excess = |counts: &[Counted]| {
            let shares = counts.iter().zip(&self.allowed);
            let beyond = shares.map(|(counted, allowed)| counted.share() - allowed);
            beyond.fold(0.0, f64::max)
        };
        requests
            .into_iter()
            .map(|(key, counts)| (key, excess(&counts)))
            .filter(|(_, excess)| *excess > 0.0)
            .max_by(|(_, a), (_, b)| a.total_cmp(b))
            .map(|(key, _)| format!("{} {}", key.method, key.name))
    }
}
