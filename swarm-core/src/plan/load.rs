//! How many users are wanted at a time.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A number of users and how fast to get there.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Load {
    /// Users wanted in the end.
    pub users: u32,
    /// Users started, or stopped, per second.
    pub spawn_rate: f64,
}

impl Load {
    /// Checks the figures.
    ///
    /// # Errors
    ///
    /// A spawn rate that is not positive and finite.
    pub fn validate(&self) -> Result<(), String> {
        if self.spawn_rate > 0.0 && self.spawn_rate.is_finite() {
            Ok(())
        } else {
            Err(format!(
                "spawn rate {}: write a positive number of users per second",
                self.spawn_rate
            ))
        }
    }
}

/// The number of users wanted at each time of a run: from where it was, evenly, to where it shall be.
///
/// User *k* starts at *k* / rate, not in batches of a second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    load: Load,
    from: u32,
    since: Duration,
}

impl Plan {
    /// From no users at the start of a run to this load.
    #[must_use]
    pub fn new(load: Load) -> Self {
        Self { load, from: 0, since: Duration::ZERO }
    }

    /// Goes on from where this plan is at `now`, to another load.
    #[must_use]
    pub fn change(&self, load: Load, now: Duration) -> Self {
        Self { load, from: self.wanted(now), since: now }
    }

    /// Users wanted in the end.
    #[must_use]
    pub fn target(&self) -> u32 {
        self.load.users
    }

    /// Users wanted at `now`.
    #[must_use]
    pub fn wanted(&self, now: Duration) -> u32 {
        let Some(elapsed) = now.checked_sub(self.since) else { return self.from };
        // The first step is due at once. `reached_at` rounds to a nanosecond, so one is forgiven here.
        let steps = ((elapsed.as_secs_f64() + 1e-9) * self.load.spawn_rate).floor() + 1.0;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
        let steps = steps as u32;
        if self.load.users >= self.from {
            self.from.saturating_add(steps).min(self.load.users)
        } else {
            self.from.saturating_sub(steps).max(self.load.users)
        }
    }

    /// When the number of users first is `users`; none if this plan never passes it.
    #[must_use]
    pub fn reached_at(&self, users: u32) -> Option<Duration> {
        let up = (self.from..=self.load.users).contains(&users);
        let down = (self.load.users..=self.from).contains(&users);
        let steps = users.abs_diff(self.from).saturating_sub(1);
        (up || down).then(|| self.since + seconds(f64::from(steps) / self.load.spawn_rate))
    }

    /// When the target is reached.
    #[must_use]
    pub fn complete_at(&self) -> Duration {
        self.reached_at(self.load.users).unwrap_or(self.since)
    }
}

fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX / 4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wanted(plan: &Plan, millis: u64) -> u32 {
        plan.wanted(Duration::from_millis(millis))
    }

    #[test]
    fn users_start_one_by_one_and_go_on_from_where_they_are() {
        let plan = Plan::new(Load { users: 5, spawn_rate: 2.0 });
        let counts: Vec<u32> =
            [0, 499, 500, 999, 1_000, 2_000, 9_000].map(|millis| wanted(&plan, millis)).into();
        assert_eq!(counts, [1, 1, 2, 2, 3, 5, 5]);
        assert_eq!(plan.complete_at(), Duration::from_secs(2));

        let down = plan.change(Load { users: 0, spawn_rate: 1.0 }, Duration::from_secs(10));
        let counts: Vec<u32> =
            [10_000, 10_999, 11_000, 13_999, 14_000, 20_000].map(|at| wanted(&down, at)).into();
        assert_eq!(counts, [4, 4, 3, 1, 0, 0]);
    }

    proptest! {
        #[test]
        fn reached_at_is_the_first_time_that_wanted_gets_there(
            users in 1_u32..5_000, rate in 0.01_f64..10_000.0, from in 0_u32..5_000,
        ) {
            let start = Plan { load: Load { users: from, spawn_rate: 1.0 }, from, since: Duration::ZERO };
            let plan = start.change(Load { users, spawn_rate: rate }, Duration::from_secs(3));
            let (low, high) = (users.min(from), users.max(from));
            for users in [low, (low + high) / 2, high] {
                let at = plan.reached_at(users).expect("on the way");
                let here = plan.wanted(at);
                prop_assert!(here == users || users == from, "{users} at {at:?}: {here}");
            }
            prop_assert_eq!(plan.wanted(plan.complete_at()), users);
        }
    }
}
