//! How a run ended, and the exit code with its reasons.

use super::thresholds::ABORT_AFTER_S;
use super::validity::{Health, Validity};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The exit codes of every swarm program. When several hold, the order is 2, 6, 4, 5, 3, 1.
pub mod exit_code {
    /// All is well.
    pub const PASSED: u8 = 0;
    /// Requests failed or tasks ended in errors; another value by `--exit-code-on-error`. Where a threshold judges failures, it decides instead.
    pub const FAILURES: u8 = 1;
    /// Wrong usage or configuration; nothing was run.
    pub const USAGE: u8 = 2;
    /// A threshold failed.
    pub const THRESHOLD: u8 = 3;
    /// The measurement is not valid.
    pub const INVALID: u8 = 4;
    /// Nothing was requested, or no request came to its end.
    pub const NOTHING_REQUESTED: u8 = 5;
    /// Workers were missing or lost beyond what was allowed.
    pub const WORKERS: u8 = 6;
    /// A second Ctrl-C ended the program at once.
    pub const INTERRUPTED: u8 = 130;

    /// The one of two that comes first in the order. One that is none of these is that of failures.
    ///
    /// ```
    /// use swarm_core::judge::exit_code::{FAILURES, INVALID, PASSED, graver};
    ///
    /// assert_eq!(graver(FAILURES, INVALID), INVALID);
    /// assert_eq!(graver(42, PASSED), 42);
    /// ```
    #[must_use]
    pub fn graver(one: u8, other: u8) -> u8 {
        let order = [USAGE, WORKERS, INVALID, NOTHING_REQUESTED, THRESHOLD];
        let rank = |code: u8| match order.iter().position(|known| *known == code) {
            Some(rank) => rank,
            None => order.len() + usize::from(code == PASSED),
        };
        if rank(other) < rank(one) { other } else { one }
    }
}

/// Why a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The run time was over.
    TimeUp,
    /// It was asked to: Ctrl-C, SIGTERM, a command.
    Asked,
    /// A user wanted it to end.
    StopTest {
        /// Its class.
        class: String,
        /// Its reason.
        reason: String,
    },
    /// The search for the limit was over.
    SearchOver,
    /// All iterations that were asked for were done.
    IterationsDone,
    /// All users have ended by themselves.
    UsersEnded,
    /// A threshold that says `abort` failed for too long.
    Threshold {
        /// It, as its text.
        threshold: String,
    },
    /// No user of a class could start.
    CouldNotStart {
        /// The class.
        class: String,
        /// The last error of a user that tried.
        why: String,
    },
}

impl fmt::Display for Ending {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimeUp => out.write_str("the run time was over"),
            Self::Asked => out.write_str("it was asked to stop"),
            Self::StopTest { class, reason } => write!(out, "{class} stopped it: {reason}"),
            Self::SearchOver => out.write_str("the search was over"),
            Self::IterationsDone => out.write_str("all iterations were done"),
            Self::UsersEnded => out.write_str("all users have ended"),
            Self::Threshold { threshold } => {
                write!(out, "`{threshold}` failed for {ABORT_AFTER_S}s")
            }
            Self::CouldNotStart { class, why } => {
                write!(out, "no user of {class} could start: {why}")
            }
        }
    }
}

/// How requests of one sort ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Those that came to their end, well or badly.
    pub ended: u64,
    /// Those that ended badly.
    pub failed: u64,
    /// Those of `failed` that a threshold decides about.
    pub covered: u64,
    /// Those that were cut off; not among `ended`.
    pub interrupted: u64,
}

/// What the outcome of a run is judged by.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Why it ended.
    pub ending: Ending,
    /// Requests of tasks.
    pub requests: Tally,
    /// Requests of logins.
    pub logins: Tally,
    /// Exceptions: errors of tasks that are not failed requests, panics.
    pub exceptions: u64,
    /// Exceptions that a threshold decides about; not among `exceptions`.
    pub covered_exceptions: u64,
    /// Errors and panics of listeners to events.
    pub listeners: u64,
    /// Why thresholds failed, one reason each.
    pub failed_thresholds: Vec<String>,
    /// How many thresholds there are.
    pub thresholds: usize,
    /// What is known to be missing from the files.
    pub missing: Vec<String>,
    /// Whether the measurement can be trusted, and what that is based on.
    pub trust: (Validity, Health),
    /// The exit code of the search for a limit, and its answer in words, if there was one. It decides about failures.
    pub search: Option<(u8, String)>,
    /// The exit code for failures and exceptions.
    pub exit_code_on_error: u8,
}

impl Evidence {
    /// Of a run that ended for this reason, and in which nothing happened.
    #[must_use]
    pub fn new(ending: Ending) -> Self {
        Self {
            ending,
            requests: Tally::default(),
            logins: Tally::default(),
            exceptions: 0,
            covered_exceptions: 0,
            listeners: 0,
            failed_thresholds: Vec::new(),
            thresholds: 0,
            missing: Vec::new(),
            trust: (Validity::Valid, Health::default()),
            search: None,
            exit_code_on_error: exit_code::FAILURES,
        }
    }
}

/// The exit code of a run, with its reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Outcome {
    /// See [`exit_code`].
    pub exit_code: u8,
    /// Why it is that, the decisive one first.
    pub reasons: Vec<String>,
    /// Whether the measurement can be trusted.
    pub validity: Validity,
    /// How the generator was while it measured.
    pub health: Health,
}

impl Outcome {
    /// Judges a run.
    ///
    /// ```
    /// use swarm_core::judge::{Ending, Evidence, Outcome, Tally};
    ///
    /// let requests = Tally { ended: 1_000, failed: 3, ..Tally::default() };
    /// let evidence = Evidence { requests, ..Evidence::new(Ending::TimeUp) };
    /// let outcome = Outcome::of(&evidence);
    /// assert_eq!(outcome.exit_code, 1);
    /// assert_eq!(outcome.reasons, ["3 of 1000 requests failed"]);
    /// ```
    #[must_use]
    pub fn of(evidence: &Evidence) -> Self {
        let Evidence { ending, requests, logins, exceptions, listeners, .. } = evidence;
        let mut found: Vec<(u8, String)> = Vec::new();
        let (validity, health) = evidence.trust.clone();
        let doubts = || format!("the measurement is {validity}: {}", health.reasons.join("; "));
        if validity == Validity::Invalid {
            found.push((exit_code::INVALID, doubts()));
        }
        if requests.ended + logins.ended == 0 {
            let reason = match requests.interrupted + logins.interrupted {
                0 => "nothing was requested",
                _ => "no request came to its end",
            };
            found.push((exit_code::NOTHING_REQUESTED, reason.to_owned()));
        }
        let failed = evidence.failed_thresholds.iter();
        found.extend(failed.map(|why| (exit_code::THRESHOLD, format!("threshold failed: {why}"))));
        if let Some((code, answer)) = &evidence.search {
            // Some fail at any limit: its criteria have judged that.
            let code =
                found.first().map_or(*code, |(gravest, _)| exit_code::graver(*gravest, *code));
            found.insert(0, (code, answer.clone()));
        }
        let on_error = evidence.exit_code_on_error;
        if let Ending::CouldNotStart { .. } = ending {
            found.push((on_error, ending.to_string()));
        }
        // What a threshold decides about is told, but the threshold's code stands for it.
        let mut covered = Vec::new();
        for (tally, one) in [(requests, "request"), (logins, "login")] {
            let reason = || format!("{} of {} failed", tally.failed, count(tally.ended, one));
            if tally.failed > tally.covered {
                found.push((on_error, reason()));
            } else if tally.failed > 0 {
                covered.push((exit_code::PASSED, reason()));
            }
        }
        if *exceptions > 0 {
            found.push((on_error, count(*exceptions, "task error")));
        }
        if evidence.covered_exceptions > 0 {
            let reason = count(evidence.covered_exceptions, "task error");
            covered.push((exit_code::PASSED, reason + " that a threshold decides about"));
        }
        if *listeners > 0 {
            found.push((on_error, count(*listeners, "error") + " of listeners"));
        }
        found.extend(covered);
        let exit_code = found.first().map_or(exit_code::PASSED, |(code, _)| *code);
        let mut reasons: Vec<String> = found.into_iter().map(|(_, reason)| reason).collect();
        if reasons.is_empty() {
            let kinds = [(requests, "request"), (logins, "login")];
            let there = kinds.into_iter().filter(|(tally, _)| tally.ended > 0);
            let counts: Vec<String> = there.map(|(tally, one)| count(tally.ended, one)).collect();
            reasons.push(format!("{} succeeded", counts.join(" and ")));
        }
        let thresholds = evidence.thresholds as u64;
        if thresholds > 0 && evidence.failed_thresholds.is_empty() {
            reasons.push(count(thresholds, "threshold") + " passed");
        }
        if validity == Validity::Suspect {
            reasons.push(doubts());
        }
        reasons.extend(evidence.missing.iter().cloned());
        Self { exit_code, reasons, validity, health }
    }
}

/// `1 login`, `3 logins`.
fn count(number: u64, one: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {one}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Tally = Tally { ended: 0, failed: 0, covered: 0, interrupted: 0 };

    fn tally(ended: u64, failed: u64) -> Tally {
        Tally { ended, failed, ..NONE }
    }

    fn evidence(requests: Tally) -> Evidence {
        Evidence { requests, ..Evidence::new(Ending::TimeUp) }
    }

    #[test]
    fn the_exit_code_is_that_of_the_gravest_reason() {
        let could_not_start =
            Ending::CouldNotStart { class: "Shopper".to_owned(), why: "401".to_owned() };
        let (up, none) = (Ending::TimeUp, NONE);
        for (ending, requests, logins, exceptions, on_error, code, reason) in [
            (up.clone(), tally(10, 0), none, 0, 1, 0, "10 requests succeeded"),
            (Ending::Asked, tally(1, 0), tally(2, 0), 0, 1, 0, "1 request and 2 logins succeeded"),
            (up.clone(), tally(10, 1), none, 0, 1, 1, "1 of 10 requests failed"),
            (up.clone(), tally(10, 0), tally(1, 1), 0, 1, 1, "1 of 1 login failed"),
            (up.clone(), tally(10, 0), none, 1, 1, 1, "1 task error"),
            (up.clone(), tally(10, 1), none, 2, 42, 42, "1 of 10 requests failed, 2 task errors"),
            (up.clone(), tally(10, 1), none, 1, 0, 0, "1 of 10 requests failed, 1 task error"),
            (up.clone(), none, none, 0, 1, 5, "nothing was requested"),
            (up.clone(), none, none, 3, 1, 5, "nothing was requested, 3 task errors"),
            (up, Tally { interrupted: 2, ..NONE }, none, 0, 1, 5, "no request came to its end"),
            (
                could_not_start,
                none,
                tally(9, 9),
                0,
                1,
                1,
                "no user of Shopper could start: 401, 9 of 9 logins failed",
            ),
        ] {
            let evidence = Evidence {
                ending,
                logins,
                exceptions,
                exit_code_on_error: on_error,
                ..evidence(requests)
            };
            let outcome = Outcome::of(&evidence);
            assert_eq!(outcome.exit_code, code, "{evidence:?}");
            assert_eq!(outcome.reasons.join(", "), reason, "{evidence:?}");
        }
    }

    #[test]
    fn what_is_invalid_comes_before_what_was_measured_and_what_is_suspect_is_only_told() {
        for (validity, requests, failed, code, reason) in [
            (Validity::Invalid, tally(10, 0), 0, 4, "the measurement is invalid: late; busy"),
            (
                Validity::Invalid,
                NONE,
                1,
                4,
                "the measurement is invalid: late; busy, nothing was requested, threshold failed: 0",
            ),
            (
                Validity::Suspect,
                tally(10, 1),
                0,
                1,
                "1 of 10 requests failed, the measurement is suspect: late; busy",
            ),
            (
                Validity::Suspect,
                tally(10, 0),
                0,
                0,
                "10 requests succeeded, the measurement is suspect: late; busy",
            ),
        ] {
            let reasons = vec!["late".to_owned(), "busy".to_owned()];
            let evidence = Evidence {
                failed_thresholds: (0..failed).map(|number: u8| number.to_string()).collect(),
                trust: (validity, Health { reasons, ..Health::default() }),
                ..evidence(requests)
            };
            let outcome = Outcome::of(&evidence);
            assert_eq!((outcome.exit_code, outcome.validity), (code, validity), "{evidence:?}");
            assert_eq!(outcome.reasons.join(", "), reason);
        }
    }

    #[test]
    fn thresholds_come_before_failures_and_decide_about_what_they_cover() {
        let covered = |ended, failed, covered| Tally { covered, ..tally(ended, failed) };
        for (requests, exceptions, covered_exceptions, failed, on_error, code, reason) in [
            (tally(10, 0), 0, 0, 0, 1, 0, "10 requests succeeded, 2 thresholds passed"),
            (covered(10, 3, 3), 0, 0, 0, 1, 0, "3 of 10 requests failed, 2 thresholds passed"),
            (covered(10, 3, 2), 0, 0, 0, 1, 1, "3 of 10 requests failed, 2 thresholds passed"),
            (tally(10, 0), 0, 0, 1, 1, 3, "threshold failed: 1"),
            (
                tally(10, 3),
                0,
                0,
                2,
                1,
                3,
                "threshold failed: 1, threshold failed: 2, 3 of 10 requests failed",
            ),
            (covered(10, 3, 3), 0, 0, 1, 42, 3, "threshold failed: 1, 3 of 10 requests failed"),
            (tally(10, 3), 0, 0, 1, 0, 3, "threshold failed: 1, 3 of 10 requests failed"),
            (NONE, 0, 0, 1, 1, 5, "nothing was requested, threshold failed: 1"),
            (
                covered(10, 3, 3),
                1,
                2,
                0,
                1,
                1,
                "1 task error, 3 of 10 requests failed, 2 task errors that a threshold decides about, 2 thresholds passed",
            ),
        ] {
            let evidence = Evidence {
                exceptions,
                covered_exceptions,
                failed_thresholds: (1..=failed).map(|number: u8| number.to_string()).collect(),
                thresholds: 2,
                exit_code_on_error: on_error,
                ..evidence(requests)
            };
            let outcome = Outcome::of(&evidence);
            assert_eq!(outcome.exit_code, code, "{evidence:?}");
            assert_eq!(outcome.reasons.join(", "), reason, "{evidence:?}");
        }
    }
}
