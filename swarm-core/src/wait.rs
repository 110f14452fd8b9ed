//! Wait times: how long a user pauses between two tasks, or when its next task is due.

use crate::random::Random;
use std::fmt;
use std::time::Duration;

/// The wait time of a class.
///
/// Made by [`constant`], [`between`], [`constant_pacing`], [`constant_throughput`], [`poisson`] or [`custom`].
#[derive(Clone, Copy)]
pub struct Wait(Kind);

#[derive(Clone, Copy)]
enum Kind {
    Constant(Duration),
    Between(Duration, Duration),
    Pacing(Duration),
    Throughput(f64),
    Poisson(f64),
    Custom(fn(&mut Random) -> Duration),
}

/// The same pause after each task.
#[must_use]
pub const fn constant(pause: Duration) -> Wait {
    Wait(Kind::Constant(pause))
}

/// A pause drawn uniformly from a range.
///
/// # Panics
///
/// If `low` is longer than `high`; in an attribute this is a compile error.
#[must_use]
pub const fn between(low: Duration, high: Duration) -> Wait {
    assert!(low.as_nanos() <= high.as_nanos(), "between(low, high): low is longer than high");
    Wait(Kind::Between(low, high))
}

/// The next task is due this long after the start of the last one; at once if that is over.
///
/// # Panics
///
/// If `period` is zero; in an attribute this is a compile error.
#[must_use]
pub const fn constant_pacing(period: Duration) -> Wait {
    assert!(!period.is_zero(), "constant_pacing(period): the period is zero");
    Wait(Kind::Pacing(period))
}

/// Tasks are due at a fixed rate per second and user; those missed are made up back to back.
///
/// # Panics
///
/// If `per_second` is not positive and finite; in an attribute this is a compile error.
#[must_use]
pub const fn constant_throughput(per_second: f64) -> Wait {
    assert!(
        per_second > 0.0 && per_second.is_finite(),
        "constant_throughput(per_second): write a positive number"
    );
    Wait(Kind::Throughput(per_second))
}

/// A pause with the exponential distribution, this many per second on average.
///
/// # Panics
///
/// If `per_second` is not positive and finite; in an attribute this is a compile error.
#[must_use]
pub const fn poisson(per_second: f64) -> Wait {
    assert!(
        per_second > 0.0 && per_second.is_finite(),
        "poisson(per_second): write a positive number"
    );
    Wait(Kind::Poisson(per_second))
}

/// A pause of your own making.
///
/// ```
/// use swarm_core::prelude::*;
///
/// /// Nine users of ten are quick, one reads.
/// fn think(random: &mut Random) -> Duration {
///     if random.unit() < 0.9 { Duration::from_secs(1) } else { Duration::from_secs(30) }
/// }
///
/// const WAIT: Wait = custom(think); // or `#[user(wait = custom(think))]`
/// ```
#[must_use]
pub const fn custom(pause: fn(&mut Random) -> Duration) -> Wait {
    Wait(Kind::Custom(pause))
}

impl Wait {
    /// No pause: the next task starts at once. The default.
    pub const NONE: Self = constant(Duration::ZERO);
}

impl fmt::Display for Wait {
    /// As it is written in an attribute.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = crate::duration::text;
        match self.0 {
            Kind::Constant(pause) => write!(out, "constant({})", text(pause)),
            Kind::Between(low, high) => write!(out, "between({}, {})", text(low), text(high)),
            Kind::Pacing(period) => write!(out, "constant_pacing({})", text(period)),
            Kind::Throughput(rate) => write!(out, "constant_throughput({rate})"),
            Kind::Poisson(rate) => write!(out, "poisson({rate})"),
            Kind::Custom(_) => out.write_str("custom"),
        }
    }
}

impl fmt::Debug for Wait {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// When the runs of one user are due. All times are since one origin.
#[derive(Debug, Clone)]
pub struct Schedule {
    wait: Wait,
    /// When the schedule began, and how many runs have been due since.
    began: Duration,
    taken: u32,
    last_start: Duration,
}

/// When a run may start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// After a pause, counted from now.
    After(Duration),
    /// At a due time; being later than that is a late start.
    Due(Duration),
}

impl Schedule {
    /// A schedule whose first run is due now.
    #[must_use]
    pub fn new(wait: Wait, now: Duration) -> Self {
        Self { wait, began: now, taken: 0, last_start: now }
    }

    /// Moves the first due time to now, as long as no run has started.
    pub fn begin(&mut self, now: Duration) {
        if self.taken == 0 {
            self.began = now;
        }
    }

    /// Notes that a run starts now.
    pub fn started(&mut self, now: Duration) {
        self.last_start = now;
        self.taken = self.taken.saturating_add(1);
    }

    /// When the run after those started so far may start.
    pub fn next(&self, random: &mut Random) -> Next {
        let first = self.taken == 0;
        match self.wait.0 {
            Kind::Pacing(_) | Kind::Throughput(_) if first => Next::Due(self.began),
            _ if first => Next::After(Duration::ZERO),
            Kind::Constant(pause) => Next::After(pause),
            Kind::Between(low, high) => Next::After(random.between(low, high)),
            Kind::Poisson(rate) => Next::After(random.exponential(rate)),
            Kind::Custom(pause) => Next::After(pause(random)),
            Kind::Pacing(period) => Next::Due(self.last_start + period),
            Kind::Throughput(rate) => {
                Next::Due(self.began + Duration::from_secs_f64(f64::from(self.taken) / rate))
            }
        }
    }

    /// How many runs were due by `now` and have not started.
    #[must_use]
    pub fn missed(&self, now: Duration) -> u64 {
        match self.wait.0 {
            Kind::Pacing(period) => u64::from(self.taken > 0 && self.last_start + period <= now),
            Kind::Throughput(rate) => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "floor"
                )]
                let due = ((now.saturating_sub(self.began)).as_secs_f64() * rate) as u64 + 1;
                due.saturating_sub(u64::from(self.taken))
            }
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn pacing_forgets_what_is_late_and_throughput_makes_it_up() {
        let random = &mut Random::new(0, 0);
        for (wait, next) in
            [(constant_pacing(ms(100)), [100, 450]), (constant_throughput(10.0), [100, 200])]
        {
            let mut schedule = Schedule::new(wait, ms(0));
            schedule.started(ms(0));
            assert_eq!(schedule.next(random), Next::Due(ms(next[0])), "{wait}");
            // The first run took 350 ms; the second starts late.
            schedule.started(ms(350));
            assert_eq!(schedule.next(random), Next::Due(ms(next[1])), "{wait}");
        }
    }

    #[test]
    fn what_was_due_and_has_not_started_is_missed() {
        let mut schedule = Schedule::new(constant_throughput(10.0), ms(0));
        schedule.started(ms(0));
        assert_eq!(schedule.missed(ms(99)), 0);
        assert_eq!(schedule.missed(ms(1_050)), 10);
        let mut schedule = Schedule::new(constant_pacing(ms(100)), ms(0));
        schedule.started(ms(0));
        assert_eq!((schedule.missed(ms(99)), schedule.missed(ms(1_050))), (0, 1));
        assert_eq!(Schedule::new(constant(ms(1)), ms(0)).missed(ms(1_000)), 0);
    }

    #[test]
    fn pauses_stay_in_their_range() {
        let random = &mut Random::new(1, 1);
        let mut schedule = Schedule::new(between(ms(10), ms(20)), ms(0));
        assert_eq!(schedule.next(random), Next::After(ms(0)), "the first run starts at once");
        schedule.started(ms(0));
        for _ in 0..1_000 {
            let Next::After(pause) = schedule.next(random) else { panic!("a pause") };
            assert!(pause >= ms(10) && pause <= ms(20), "{pause:?}");
        }
    }
}
