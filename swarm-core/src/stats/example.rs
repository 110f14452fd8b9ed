//! Requests that are kept whole, to be looked at: one for each cause of failure, and the slowest.

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

/// The requests that are kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Examples {
    /// The first failed request of each cause.
    #[serde(with = "indexmap::map::serde_seq")]
    pub failed: Group<Cause, Example>,
    /// The slowest ones, the slowest first.
    pub slow: Vec<Example>,
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

    /// Adds another one's. In whatever order they are added, the same are kept.
    pub(super) fn merge(&mut self, other: &Self) {
        other.failed.iter().for_each(|(cause, example)| self.keep_failed(cause, example));
        other.slow.iter().for_each(|example| self.keep_slow(example.clone()));
    }
}
