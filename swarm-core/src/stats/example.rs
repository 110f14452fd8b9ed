//! What is kept whole, to be looked at: a request for each cause of failure, the slowest requests, an exception of each cause.

use super::keys::{Cause, Group};
use super::sample::Kind;
use crate::clock::Timestamp;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// How many of the slowest requests are kept.
pub(super) const MOST_SLOW: usize = 10;

/// A request as it was. Secrets of settings and the credential it was sent with are replaced by `***`, and of logins no body is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Example {
    /// When it ended.
    pub at: Timestamp,
    /// Name of the user's class.
    pub class: String,
    /// The user's number.
    pub user: u32,
    /// What sort of request.
    pub kind: Kind,
    /// `GET`, `POST`, …
    pub method: String,
    /// What it is reported as.
    pub name: String,
    /// Where it went in the end, after all redirects; empty where it was not sent by HTTP.
    pub url: String,
    /// How long it took, in milliseconds.
    pub response_time_ms: f64,
    /// HTTP status of the answer, if there was one.
    pub status: Option<u16>,
    /// Why it failed, if it did.
    pub error: Option<String>,
    /// How the body of the answer begins, if it is text: at most 500 bytes.
    pub body: Option<String>,
}

impl Example {
    /// The slower one first; among equals the earlier, so that the order does not depend on who is asked first.
    fn by_slowness(&self, other: &Self) -> Ordering {
        let slower = other.response_time_ms.total_cmp(&self.response_time_ms);
        slower.then_with(|| self.by_time(other))
    }

    fn by_time(&self, other: &Self) -> Ordering {
        let key = |example: &Self| (example.at, example.user);
        key(self).cmp(&key(other)).then_with(|| self.url.cmp(&other.url))
    }
}

/// An error or a panic as it was. Secrets of settings are replaced by `***`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExceptionExample {
    /// When it was.
    pub at: Timestamp,
    /// The user's number; null for a listener of the run.
    pub user: Option<u32>,
    /// The error with its sources, each on a line of its own behind `caused by: `; of a panic its place and message. At most 4,000 bytes.
    pub text: String,
}

/// What is kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Examples {
    /// The first failed request of each cause.
    #[serde(with = "indexmap::map::serde_seq")]
    pub failed: Group<Cause, Example>,
    /// The slowest requests, the slowest first.
    pub slow: Vec<Example>,
    /// The first exception of each cause.
    #[serde(with = "indexmap::map::serde_seq")]
    pub exceptions: Group<Cause, ExceptionExample>,
}

impl Examples {
    /// Keeps a failed request, unless there is an earlier one of the same cause.
    pub(super) fn keep_failed(&mut self, cause: &Cause, example: &Example) {
        match self.failed.get_mut(cause) {
            Some(known) if example.by_time(known) == Ordering::Less => *known = example.clone(),
            Some(_) => {}
            None => drop(self.failed.insert(cause.clone(), example.clone())),
        }
    }

    /// Keeps a slow request, if it is among the slowest.
    pub(super) fn keep_slow(&mut self, example: Example) {
        let at = self.slow.partition_point(|known| known.by_slowness(&example) == Ordering::Less);
        if at < MOST_SLOW {
            self.slow.insert(at, example);
            self.slow.truncate(MOST_SLOW);
        }
    }

    /// Keeps an exception, unless there is an earlier one of the same cause.
    pub(super) fn keep_exception(&mut self, cause: &Cause, example: &ExceptionExample) {
        match self.exceptions.get_mut(cause) {
            Some(known) if example < known => *known = example.clone(),
            Some(_) => {}
            None => drop(self.exceptions.insert(cause.clone(), example.clone())),
        }
    }

    /// Adds another one's. In whatever order they are added, the same are kept.
    pub(super) fn merge(&mut self, other: &Self) {
        other.failed.iter().for_each(|(cause, example)| self.keep_failed(cause, example));
        other.slow.iter().for_each(|example| self.keep_slow(example.clone()));
        other.exceptions.iter().for_each(|(cause, example)| self.keep_exception(cause, example));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::Secrets;
    use crate::stats::{Ledger, Recorder};
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn the_first_exception_of_a_cause_is_kept_in_full_but_for_secrets() {
        // The secret stands where texts are cut.
        let long = "x".repeat(497);
        let message = format!("{long}hunter2");
        let mut ledger = Ledger::default();
        for (user, second) in [(5, 9), (3, 2), (4, 7)] {
            let mut recorder = Recorder::default().redacting(Secrets::new(["hunter2"]));
            for _ in 0..2 {
                if recorder.exception("Shopper", "buy", &message) {
                    let at = (UNIX_EPOCH + Duration::from_secs(second)).into();
                    let text = format!("{message}\ncaused by: {}", "y".repeat(9_999));
                    let example = ExceptionExample { at, user: Some(user), text };
                    recorder.keep_exception(["Shopper", "buy", &message], example);
                }
            }
            ledger.add(&recorder.drain());
        }
        let row = &ledger.summary(Duration::from_secs(1), false).exceptions[0];
        assert_eq!((&*row.message, row.occurrences), (&*format!("{long}***"), 6));
        let example = row.example.as_ref().expect("kept");
        assert_eq!((example.user, example.text.len()), (Some(3), 4_000));
        assert!(
            example.text.starts_with(&format!("{long}***\ncaused by: yyy")),
            "{}",
            example.text
        );
        let json = serde_json::to_string(row).expect("serializes");
        assert_eq!(
            serde_json::from_str::<crate::stats::ExceptionEntry>(&json).expect("reads"),
            *row
        );
    }
}
