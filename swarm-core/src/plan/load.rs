//! How many users are wanted at a time, or how many iterations arrive.

use super::profile::{Piece, Profile, seconds};
use super::stages::{Rate, Stages, Unit};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// What a load test brings to bear: users (closed: each goes on when its last iteration is over), or a rate of iterations (open: each starts when it is
/// due, whether or not earlier ones have finished).
///
/// In JSON `{"users": 100, "spawn_rate": 10.0}`, `{"rate": 300.0}` or `{"stages": "100@2m, 500@5m"}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged, deny_unknown_fields)]
pub enum Load {
    /// A number of users and how fast to get there.
    Users {
        /// Users wanted in the end.
        users: u32,
        /// Users started, or stopped, per second.
        spawn_rate: f64,
    },
    /// Iterations that arrive per second, from the start.
    Rate {
        /// How many per second.
        rate: Rate,
    },
    /// Numbers of users, or rates, that follow each other; the run ends with the last of them.
    Stages {
        /// As they are written.
        stages: Stages,
    },
}

impl Load {
    /// So many users, this many more each second.
    #[must_use]
    pub fn users(users: u32, spawn_rate: f64) -> Self {
        Self::Users { users, spawn_rate }
    }

    /// What it counts.
    #[must_use]
    pub fn unit(&self) -> Unit {
        match self {
            Self::Users { .. } => Unit::Users,
            Self::Rate { .. } => Unit::Rate,
            Self::Stages { stages } => stages.unit(),
        }
    }

    /// Checks the figures.
    ///
    /// # Errors
    ///
    /// A spawn rate that is not positive and finite; a rate that is negative or not finite.
    pub fn validate(&self) -> Result<(), String> {
        match *self {
            Self::Users { spawn_rate, .. } if !(spawn_rate > 0.0 && spawn_rate.is_finite()) => {
                Err(format!("spawn rate {spawn_rate}: write a positive number of users per second"))
            }
            Self::Rate { rate: Rate(rate) } if !(rate >= 0.0 && rate.is_finite()) => {
                Err(format!("rate {rate}: write a positive number of iterations per second"))
            }
            _ => Ok(()),
        }
    }

    /// Its course, from a value.
    fn profile(&self, from: f64) -> Profile {
        match self {
            Self::Users { users, spawn_rate } => {
                let to = f64::from(*users);
                Profile::new(from, [(to, seconds((to - from).abs() / spawn_rate))])
            }
            Self::Rate { rate } => Profile::new(rate.0, []),
            Self::Stages { stages } => {
                Profile::new(from, stages.stages().iter().map(|stage| (stage.to, stage.over)))
            }
        }
    }
}

impl fmt::Display for Load {
    /// As people write it: `100 users`, `300/s`, or the stages.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Users { users: 1, .. } => out.write_str("1 user"),
            Self::Users { users, .. } => write!(out, "{users} users"),
            Self::Rate { rate } => rate.fmt(out),
            Self::Stages { stages } => stages.fmt(out),
        }
    }
}

/// How arrivals are spaced.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Spacing {
    /// All gaps are the same, at the same rate.
    #[default]
    Even,
    /// As independent people come: gaps have the exponential distribution.
    Poisson,
}

impl FromStr for Spacing {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "even" => Ok(Self::Even),
            "poisson" => Ok(Self::Poisson),
            _ => Err(format!("`{text}` is no spacing of arrivals: write `even` or `poisson`")),
        }
    }
}

/// A load as a pure function of time: the number of users wanted, or the iterations that have arrived.
///
/// User *k* starts at *k* / rate, not in batches of a second.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    unit: Unit,
    profile: Arc<Profile>,
    /// When the profile began.
    since: Duration,
    /// Iterations that had arrived by then.
    arrived: f64,
    /// Whether the run ends with the profile.
    ends: bool,
}

impl Plan {
    /// From nothing at the start of a run to this load.
    #[must_use]
    pub fn new(load: &Load) -> Self {
        Self::starting(load, 0.0, Duration::ZERO, 0.0)
    }

    /// Goes on from where this plan is at `now`, to another load of the same unit.
    ///
    /// # Errors
    ///
    /// A load that is not valid, or of another unit.
    pub fn change(&self, load: &Load, now: Duration) -> Result<Self, String> {
        load.validate()?;
        let from = match (self.unit, load.unit()) {
            (Unit::Users, Unit::Users) => f64::from(self.wanted(now)),
            (Unit::Rate, Unit::Rate) => self.rate(now),
            (Unit::Users, Unit::Rate) => {
                return Err("a run of users can't become one of a rate: start another".to_owned());
            }
            (Unit::Rate, Unit::Users) => {
                return Err("a run of a rate can't become one of users: start another".to_owned());
            }
        };
        Ok(Self::starting(load, from, now, self.arrived(now)))
    }

    fn starting(load: &Load, from: f64, since: Duration, arrived: f64) -> Self {
        let profile = Arc::new(load.profile(from));
        let ends = matches!(load, Load::Stages { .. });
        Self { unit: load.unit(), profile, since, arrived, ends }
    }

    /// What it counts.
    #[must_use]
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// Users wanted at `now`; none if it is a plan of arrivals.
    #[must_use]
    pub fn wanted(&self, now: Duration) -> u32 {
        if self.unit == Unit::Rate {
            return 0;
        }
        let elapsed = self.elapsed(now).as_secs_f64();
        let piece = self.profile.piece(elapsed);
        // Going up or down, the first step is due at once.
        let steps = piece.steps(elapsed - piece.start);
        whole(if piece.to >= piece.from {
            (piece.from + steps).min(piece.to)
        } else {
            (piece.from - steps).max(piece.to)
        })
    }

    /// When the number of users wanted next is another one than at `now`; none if it stays.
    #[must_use]
    pub fn next_change(&self, now: Duration) -> Option<Duration> {
        let elapsed = self.elapsed(now).as_secs_f64();
        let piece = self.profile.piece(elapsed);
        let taken = piece.steps(elapsed - piece.start);
        let next = if taken < (piece.to - piece.from).abs() {
            piece.step_at(taken + 1.0)
        } else {
            piece.start + piece.length
        };
        Duration::try_from_secs_f64(next).ok().map(|at| self.since + at)
    }

    /// The number of users that the plan goes to or holds at `now`; none if it is a plan of arrivals.
    #[must_use]
    pub fn target(&self, now: Duration) -> u32 {
        match self.unit {
            Unit::Users => whole(self.current(now).to),
            Unit::Rate => 0,
        }
    }

    /// Most users wanted at any time from `now` on.
    #[must_use]
    pub fn most(&self, now: Duration) -> u32 {
        let current = self.current(now);
        let later = self.profile.pieces().iter().filter(|piece| piece.start > current.start);
        self.wanted(now).max(self.target(now)).max(self.highest(later))
    }

    /// Most users wanted at any time up to `now`.
    #[must_use]
    pub fn most_until(&self, now: Duration) -> u32 {
        let current = self.current(now);
        let earlier = self.profile.pieces().iter().filter(|piece| piece.start < current.start);
        let falls = Some(&current).filter(|piece| piece.to < piece.from);
        self.wanted(now).max(self.highest(earlier.chain(falls)))
    }

    fn highest<'a>(&self, pieces: impl Iterator<Item = &'a Piece>) -> u32 {
        match self.unit {
            Unit::Users => whole(pieces.map(most_users).fold(0.0, f64::max)),
            Unit::Rate => 0,
        }
    }

    /// How many users there are when all have started, once from `now` on never more are wanted; no user, but not before the highest rate is reached, if
    /// it is a plan of arrivals.
    #[must_use]
    pub fn full(&self, now: Duration) -> Option<u32> {
        let most = self.most(now);
        match self.unit {
            Unit::Rate => (now >= self.complete_at()).then_some(0),
            // On the way down to a number that will stay.
            Unit::Users if !self.ends && most > self.target(now) => None,
            Unit::Users => Some(most),
        }
    }

    /// Whether it holds what it has gone to.
    #[must_use]
    pub fn is_level(&self, now: Duration) -> bool {
        match self.unit {
            Unit::Users => self.wanted(now) == self.target(now),
            Unit::Rate => self.current(now).from == self.current(now).to,
        }
    }

    /// When at least so many users are wanted for the first time.
    #[must_use]
    pub fn reached_at(&self, users: u32) -> Option<Duration> {
        let users = f64::from(users);
        let piece = self.profile.pieces().iter().find(|piece| most_users(piece) >= users)?;
        let steps = users - piece.from;
        let at = if steps > 0.0 { piece.step_at(steps) } else { piece.start };
        Some(self.since + seconds(at))
    }

    /// When the plan is where it is highest, for the first time.
    #[must_use]
    pub fn complete_at(&self) -> Duration {
        let pieces = self.profile.pieces();
        match self.unit {
            Unit::Users => self.reached_at(self.highest(pieces.iter())).unwrap_or(self.since),
            Unit::Rate => {
                let most = pieces.iter().map(|piece| piece.from.max(piece.to)).fold(0.0, f64::max);
                let at =
                    pieces.iter().find_map(|piece| match (piece.from >= most, piece.to >= most) {
                        (true, _) => Some(piece.start),
                        (false, true) => Some(piece.start + piece.length),
                        (false, false) => None,
                    });
                self.since + seconds(at.unwrap_or(0.0))
            }
        }
    }

    /// When its last stage is over; none if it goes on for ever.
    #[must_use]
    pub fn end(&self) -> Option<Duration> {
        self.ends.then(|| self.since + self.profile.length())
    }

    /// Iterations that arrive per second at `now`; none if it is a plan of users.
    #[must_use]
    pub fn rate(&self, now: Duration) -> f64 {
        match self.unit {
            Unit::Users => 0.0,
            Unit::Rate => self.profile.value(self.elapsed(now)),
        }
    }

    /// Iterations that have arrived by `now`.
    #[must_use]
    pub fn arrived(&self, now: Duration) -> f64 {
        match self.unit {
            Unit::Users => 0.0,
            Unit::Rate => self.arrived + self.profile.area(self.elapsed(now)),
        }
    }

    /// When so many iterations have arrived; none if they never will.
    #[must_use]
    pub fn arrival_at(&self, count: f64) -> Option<Duration> {
        if self.unit == Unit::Users {
            return None;
        }
        Some(self.since + self.profile.area_at(count - self.arrived)?)
    }

    fn current(&self, now: Duration) -> Piece {
        self.profile.piece(self.elapsed(now).as_secs_f64())
    }

    fn elapsed(&self, now: Duration) -> Duration {
        now.saturating_sub(self.since)
    }
}

/// Most users wanted while a piece holds: none while a step is taken, and one less than before as soon as it falls.
fn most_users(piece: &Piece) -> f64 {
    match piece.length > 0.0 {
        true if piece.to < piece.from => (piece.from - 1.0).max(piece.to),
        true => piece.to,
        false => 0.0,
    }
}

/// A number of users.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole; saturates")]
fn whole(users: f64) -> u32 {
    users as u32
}

#[cfg(test)]
mod tests {
    use super::super::profile::tests::any_steps;
    use super::super::stages::Stage;
    use super::*;
    use proptest::prelude::*;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn plan(stages: &str) -> Plan {
        Plan::new(&Load::Stages { stages: stages.parse().expect("valid") })
    }

    fn wanted<const N: usize>(plan: &Plan, millis: [u64; N]) -> [u32; N] {
        millis.map(|at| plan.wanted(ms(at)))
    }

    #[test]
    fn users_start_one_by_one_and_go_on_from_where_they_are() {
        let plan = Plan::new(&Load::users(5, 2.0));
        assert_eq!(wanted(&plan, [0, 499, 500, 999, 1_000, 2_000, 9_000]), [1, 1, 2, 2, 3, 5, 5]);
        assert_eq!((plan.complete_at(), plan.end()), (ms(2_000), None));

        let down = plan.change(&Load::users(0, 1.0), ms(10_000)).expect("users");
        let counts = wanted(&down, [10_000, 10_999, 11_000, 13_999, 14_000, 20_000]);
        assert_eq!(counts, [4, 4, 3, 1, 0, 0]);
        assert_eq!(
            (down.most(ms(10_000)), down.most(ms(11_000)), down.most(ms(99_000))),
            (4, 3, 0)
        );
    }

    #[test]
    fn stages_are_ramps_holds_and_steps() {
        let plan = plan("2@2s, 2@2s, 6@0s, 0@3s");
        let counts =
            wanted(&plan, [0, 999, 1_000, 3_999, 4_000, 4_499, 4_500, 6_499, 6_500, 99_000]);
        assert_eq!(counts, [1, 1, 2, 2, 5, 5, 4, 1, 0, 0]);
        let targets = [0, 2_000, 4_000, 7_000].map(|at| plan.target(ms(at)));
        assert_eq!(targets, [2, 2, 0, 0]);
        assert_eq!(
            (plan.end(), plan.most(ms(0)), plan.complete_at()),
            (Some(ms(7_000)), 5, ms(4_000))
        );
        let until = [0, 3_999, 4_000, 9_000].map(|at| plan.most_until(ms(at)));
        assert_eq!(until, [1, 2, 5, 5]);
        let more = Load::Stages { stages: "5@1s".parse().expect("valid") };
        let more = plan.change(&more, ms(5_000)).expect("users");
        assert_eq!(wanted(&more, [5_000, 5_500, 6_000]), [4, 5, 5], "from the three there were");
        assert_eq!(more.end(), Some(ms(6_000)));
    }

    #[test]
    fn arrivals_go_on_from_where_they_are() {
        let plan = Plan::new(&Load::Rate { rate: Rate(10.0) });
        assert_eq!((plan.arrival_at(0.0), plan.arrival_at(7.0)), (Some(ms(0)), Some(ms(700))));
        let faster = Load::Rate { rate: Rate(20.0) };
        let faster = plan.change(&faster, ms(1_000)).expect("a rate");
        assert_eq!((faster.arrival_at(11.0), faster.rate(ms(1_000))), (Some(ms(1_050)), 20.0));
        let stages = Load::Stages { stages: "0/s@4s".parse().expect("valid") };
        let less = faster.change(&stages, ms(2_000)).expect("a rate");
        assert_eq!((less.arrived(ms(2_000)), less.arrived(ms(6_000))), (30.0, 70.0));
        assert_eq!((less.rate(ms(4_000)), less.arrival_at(70.5)), (10.0, None));
        assert_eq!((less.wanted(ms(0)), less.most(ms(0)), less.target(ms(3_000))), (0, 0, 0));
        assert!(less.change(&Load::users(1, 1.0), ms(7_000)).is_err());
    }

    #[test]
    fn a_load_survives_json_and_is_checked() {
        for (load, json) in [
            (Load::users(3, 1.5), r#"{"users":3,"spawn_rate":1.5}"#),
            (Load::Rate { rate: Rate(300.0) }, r#"{"rate":300.0}"#),
            (Load::Stages { stages: "1/s@1s".parse().expect("valid") }, r#"{"stages":"1/s@1s"}"#),
        ] {
            assert_eq!(serde_json::to_string(&load).expect("writes"), json);
            assert_eq!(serde_json::from_str::<Load>(json).expect("reads"), load);
            assert_eq!(load.validate(), Ok(()));
        }
        assert!(serde_json::from_str::<Load>(r#"{"users":3}"#).is_err());
        for bad in [Load::users(1, 0.0), Load::Rate { rate: Rate(f64::NAN) }] {
            assert!(bad.validate().is_err(), "{bad}");
        }
    }

    fn any_plan() -> impl Strategy<Value = Plan> {
        let loads = prop_oneof![
            (0_u32..300, 0.01_f64..1_000.0).prop_map(|(users, rate)| Load::users(users, rate)),
            any_steps().prop_filter_map("some stages", |steps| {
                let steps = steps.into_iter().map(|(to, over)| Stage { to, over });
                Some(Load::Stages { stages: Stages::new(Unit::Users, steps).ok()? })
            }),
        ];
        (0_u32..100, loads).prop_map(|(from, load)| {
            let start = Plan::new(&Load::users(from, 1e9));
            start.change(&load, Duration::from_secs(3)).expect("users")
        })
    }

    proptest! {
        #[test]
        fn every_change_is_announced(plan in any_plan()) {
            let (mut now, mut seen) = (plan.since, plan.wanted(plan.since));
            for _ in 0..2_000 {
                let Some(next) = plan.next_change(now) else { break };
                prop_assert!(next > now, "{next:?} after {now:?}");
                for share in [1, 5, 9] {
                    let between = now + (next - now) * share / 10;
                    let close = next - between < Duration::from_nanos(2);
                    prop_assert!(close || plan.wanted(between) == seen, "{between:?} {plan:?}");
                }
                (now, seen) = (next, plan.wanted(next));
            }
        }

        #[test]
        fn reached_at_is_the_first_time_that_so_many_are_wanted(plan in any_plan(), share in 0.0_f64..1.0) {
            let most = plan.most(plan.since);
            let users = whole((f64::from(most) * share).ceil());
            let at = plan.reached_at(users).expect("on the way");
            prop_assert!(plan.wanted(at) >= users || users <= whole(plan.profile.pieces()[0].from));
            if let Some(before) = at.checked_sub(ms(1)).filter(|before| *before >= plan.since) {
                prop_assert!(plan.wanted(before) < users || plan.wanted(at) == 0, "{at:?} {plan:?}");
            }
            prop_assert!(plan.most(plan.complete_at()) == most || plan.most(plan.since) == plan.wanted(plan.since));
        }
    }
}
