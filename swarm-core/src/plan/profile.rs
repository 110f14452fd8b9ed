//! A piecewise-linear function of time: its value, the area below it, and when each is reached.

use std::time::Duration;

/// Times are rounded to a nanosecond, so one is forgiven: what is due at a time is due at that time.
const NANOSECOND: f64 = 1e-9;

/// A piecewise-linear function of the time since its start. Its last value holds for ever.
///
/// ```
/// use std::time::Duration;
/// use swarm_core::plan::Profile;
///
/// let seconds = Duration::from_secs;
/// let ramp = Profile::new(0.0, [(100.0, seconds(10)), (100.0, seconds(60))]);
/// assert_eq!(ramp.value(seconds(5)), 50.0);
/// assert_eq!(ramp.area(seconds(11)), 600.0);
/// assert_eq!(ramp.area_at(600.0), Some(seconds(11)));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Profile(Vec<Piece>);

/// One line of a profile. Times are in seconds since the profile's start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Piece {
    pub(super) start: f64,
    /// Infinite for the last one.
    pub(super) length: f64,
    pub(super) from: f64,
    pub(super) to: f64,
    /// Area below all earlier pieces.
    before: f64,
}

impl Profile {
    /// From a value to each of these, in this time each. No time is a step.
    #[must_use]
    pub fn new(from: f64, steps: impl IntoIterator<Item = (f64, Duration)>) -> Self {
        let mut pieces = Vec::new();
        let mut next = Piece { start: 0.0, length: 0.0, from, to: from, before: 0.0 };
        for (to, over) in steps {
            next = Piece { length: over.as_secs_f64(), to, ..next };
            pieces.push(next);
            let (start, before) = (next.start + next.length, next.before + next.area(next.length));
            next = Piece { start, length: f64::INFINITY, from: to, to, before };
        }
        pieces.push(Piece { length: f64::INFINITY, ..next });
        Self(pieces)
    }

    /// The value at a time; at a step, the value after it.
    #[must_use]
    pub fn value(&self, at: Duration) -> f64 {
        let at = at.as_secs_f64();
        let piece = self.piece(at);
        piece.value(at - piece.start)
    }

    /// The area below it up to a time: of a rate, how many have come.
    #[must_use]
    pub fn area(&self, at: Duration) -> f64 {
        let at = at.as_secs_f64();
        let piece = self.piece(at);
        piece.before + piece.area(at - piece.start)
    }

    /// When the area begins to be more than this; none if it never is. So what a rate brings in a time is due before its end.
    #[must_use]
    pub fn area_at(&self, area: f64) -> Option<Duration> {
        let next = self.0.partition_point(|piece| piece.before <= area);
        let piece = self.0[next.saturating_sub(1)];
        let at = piece.start + piece.time_of(area - piece.before);
        Duration::try_from_secs_f64(at).ok()
    }

    /// When the last value is reached.
    #[must_use]
    pub fn length(&self) -> Duration {
        seconds(self.0.last().map_or(0.0, |last| last.start))
    }

    /// All lines, in order.
    pub(super) fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// The line that holds at a time.
    pub(super) fn piece(&self, at: f64) -> Piece {
        let next = self.0.partition_point(|piece| piece.start <= at + NANOSECOND);
        self.0[next.saturating_sub(1)]
    }
}

impl Piece {
    fn slope(&self) -> f64 {
        // Of a step it is not asked, and what lasts for ever is level.
        if self.length > 0.0 { (self.to - self.from) / self.length } else { 0.0 }
    }

    fn value(&self, elapsed: f64) -> f64 {
        self.from + self.slope() * elapsed.clamp(0.0, self.length)
    }

    fn area(&self, elapsed: f64) -> f64 {
        let elapsed = elapsed.clamp(0.0, self.length);
        elapsed * (self.from + self.slope() * elapsed / 2.0)
    }

    /// How long until the area is this much: the root of `slope/2·t² + from·t = area`, in the form that loses no digits.
    fn time_of(&self, area: f64) -> f64 {
        if area <= 0.0 {
            return if self.from > 0.0 || self.to > 0.0 { 0.0 } else { f64::INFINITY };
        }
        let root = (self.from * self.from + 2.0 * self.slope() * area).max(0.0).sqrt();
        (2.0 * area / (self.from + root)).min(self.length)
    }

    /// How many whole steps were taken from the first value towards the last, the first of them at once.
    pub(super) fn steps(&self, elapsed: f64) -> f64 {
        ((elapsed + NANOSECOND) * self.slope().abs()).floor() + 1.0
    }

    /// When this many whole steps have been taken, since the start of the profile.
    pub(super) fn step_at(&self, steps: f64) -> f64 {
        self.start + (steps - 1.0).max(0.0) / self.slope().abs()
    }
}

/// A time; a very long one if it is beyond what can be told.
pub(super) fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX / 4)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Profiles with ramps, holds, steps and times of nothing.
    pub(in crate::plan) fn any_steps() -> impl Strategy<Value = Vec<(f64, Duration)>> {
        let value = prop_oneof![Just(0.0), (0_u32..200).prop_map(f64::from)];
        let over = prop_oneof![Just(0), 1_u64..20_000].prop_map(Duration::from_millis);
        prop::collection::vec((value, over), 0..6)
    }

    #[test]
    fn ramps_holds_and_steps() {
        let s = Duration::from_secs;
        let profile = Profile::new(
            0.0,
            [(100.0, s(10)), (100.0, s(10)), (20.0, s(0)), (20.0, s(10)), (0.0, s(10))],
        );
        for (at, value, area) in [
            (0, 0.0, 0.0),
            (5, 50.0, 125.0),
            (10, 100.0, 500.0),
            (15, 100.0, 1_000.0),
            (20, 20.0, 1_500.0),
            (30, 20.0, 1_700.0),
            (35, 10.0, 1_775.0),
            (40, 0.0, 1_800.0),
            (999, 0.0, 1_800.0),
        ] {
            assert_eq!((profile.value(s(at)), profile.area(s(at))), (value, area), "at {at} s");
        }
        assert_eq!(profile.length(), s(40));
        assert_eq!(profile.area_at(1_700.0), Some(s(30)));
        assert_eq!(profile.area_at(1_800.0), None, "it never is more");
        let later = Profile::new(0.0, [(0.0, s(5)), (2.0, s(0))]);
        assert_eq!((later.area_at(0.0), later.area_at(2.0)), (Some(s(5)), Some(s(6))));
        assert_eq!(Profile::new(4.0, []).area_at(40.0), Some(s(10)));
    }

    proptest! {
        #[test]
        fn the_area_is_more_from_when_it_is_said_and_not_before(
            from in 0_u32..100, steps in any_steps(), share in 0.0_f64..1.0,
        ) {
            let profile = Profile::new(from.into(), steps);
            let total = profile.area(profile.length() + Duration::from_secs(10));
            let area = total * share;
            prop_assume!(total > area);
            let at = profile.area_at(area).expect("on the way");
            prop_assert!((profile.area(at) - area).abs() < 1e-4, "{} at {at:?}", profile.area(at));
            prop_assert!(profile.area(at + Duration::from_millis(1)) > area);
        }

        #[test]
        fn the_area_is_the_sum_of_the_values(from in 0_u32..100, steps in any_steps()) {
            let profile = Profile::new(from.into(), steps);
            let end = profile.length() + Duration::from_secs(1);
            let parts = 20_000;
            let part = end / parts;
            let sum: f64 = (0..parts).map(|n| profile.value(part * n + part / 2) * part.as_secs_f64()).sum();
            // A step within a part may stand on either side of its middle.
            prop_assert!((sum - profile.area(end)).abs() < 7.0 * 200.0 * part.as_secs_f64());
        }
    }
}
