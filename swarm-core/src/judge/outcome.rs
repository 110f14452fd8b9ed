//! How a run ended, and the exit code with its reasons.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The exit codes of every swarm program. When several hold, the order is 2, 6, 4, 5, 3, 1.
pub mod exit_code {
    /// All is well.
    pub const PASSED: u8 = 0;
    /// Requests failed or tasks ended in errors; another value by `--exit-code-on-error`.
    pub const FAILURES: u8 = 1;
    /// Wrong usage or configuration; nothing was run.
    pub const USAGE: u8 = 2;
    /// A threshold failed.
    pub const THRESHOLD: u8 = 3;
    /// The measurement is not valid.
    pub const INVALID: u8 = 4;
    /// Nothing was requested.
    pub const NOTHING_REQUESTED: u8 = 5;
    /// Workers were missing or lost beyond what was allowed.
    pub const WORKERS: u8 = 6;
    /// A second Ctrl-C ended the program at once.
    pub const INTERRUPTED: u8 = 130;
}

/// Why a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The run time was over.
    TimeUp,
    /// It was asked to: Ctrl-C, SIGTERM, a command.
    Asked,
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
            Self::CouldNotStart { class, why } => {
                write!(out, "no user of {class} could start: {why}")
            }
        }
    }
}

/// What the outcome of a run is judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Why it ended.
    pub ending: Ending,
    /// Requests of all kinds, logins and interrupted ones too.
    pub requests: u64,
    /// Those that failed, of all kinds.
    pub failures: u64,
    /// Exceptions: errors of tasks that are not failed requests, panics.
    pub exceptions: u64,
    /// What is known to be missing from the figures.
    pub missing: Vec<String>,
    /// The exit code for failures and exceptions.
    pub exit_code_on_error: u8,
}

/// The exit code of a run, with its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Outcome {
    /// See [`exit_code`].
    pub exit_code: u8,
    /// Why it is that, the decisive one first.
    pub reasons: Vec<String>,
}

impl Outcome {
    /// Judges a run.
    ///
    /// ```
    /// use swarm_core::judge::{Ending, Evidence, Outcome};
    ///
    /// let evidence = Evidence {
    ///     ending: Ending::TimeUp,
    ///     requests: 1_000,
    ///     failures: 3,
    ///     exceptions: 0,
    ///     missing: Vec::new(),
    ///     exit_code_on_error: 1,
    /// };
    /// let outcome = Outcome::of(&evidence);
    /// assert_eq!(outcome.exit_code, 1);
    /// assert_eq!(outcome.reasons, ["3 of 1000 requests failed"]);
    /// ```
    #[must_use]
    pub fn of(evidence: &Evidence) -> Self {
        let mut found: Vec<(u8, String)> = Vec::new();
        if evidence.requests == 0 {
            found.push((exit_code::NOTHING_REQUESTED, "nothing was requested".to_owned()));
        }
        let on_error = evidence.exit_code_on_error;
        if let Ending::CouldNotStart { .. } = evidence.ending {
            found.push((on_error, evidence.ending.to_string()));
        }
        if evidence.failures > 0 {
            let (failures, all) = (evidence.failures, evidence.requests);
            found.push((on_error, format!("{failures} of {all} requests failed")));
        }
        if evidence.exceptions > 0 {
            let reason = match evidence.exceptions {
                1 => "1 task error".to_owned(),
                many => format!("{many} task errors"),
            };
            found.push((on_error, reason));
        }
        let exit_code = found.first().map_or(exit_code::PASSED, |(code, _)| *code);
        let mut reasons: Vec<String> = found.into_iter().map(|(_, reason)| reason).collect();
        if reasons.is_empty() {
            reasons.push(format!("all {} requests succeeded", evidence.requests));
        }
        reasons.extend(evidence.missing.iter().cloned());
        Self { exit_code, reasons }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_code_is_that_of_the_gravest_reason() {
        let could_not_start =
            Ending::CouldNotStart { class: "Shopper".to_owned(), why: "401".to_owned() };
        for (ending, requests, failures, exceptions, on_error, code) in [
            (Ending::TimeUp, 10, 0, 0, 1, 0),
            (Ending::Asked, 10, 0, 0, 1, 0),
            (Ending::TimeUp, 10, 1, 0, 1, 1),
            (Ending::TimeUp, 10, 0, 1, 1, 1),
            (Ending::TimeUp, 10, 1, 1, 42, 42),
            (Ending::TimeUp, 10, 1, 1, 0, 0),
            (Ending::TimeUp, 0, 0, 0, 1, 5),
            (Ending::TimeUp, 0, 0, 3, 1, 5),
            (could_not_start, 10, 10, 0, 1, 1),
        ] {
            let evidence = Evidence {
                ending,
                requests,
                failures,
                exceptions,
                missing: Vec::new(),
                exit_code_on_error: on_error,
            };
            let outcome = Outcome::of(&evidence);
            assert_eq!(outcome.exit_code, code, "{evidence:?}");
            assert!(!outcome.reasons.is_empty());
        }
    }
}
