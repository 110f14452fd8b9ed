//! What the search is fed with.

use crate::stats::{Distribution, Group, RequestKey};

/// The figures of one second at a level.
#[derive(Debug, Clone, Default)]
pub struct SearchSecond {
    /// Whether the load was at its level: all users running, where the level is a number of users.
    pub reached: bool,
    /// Iterations that ended.
    pub iterations: u64,
    /// Iterations under way at its end.
    pub in_flight: u64,
    /// Iterations that were due and could not start, because no user was free.
    pub dropped: u64,
    /// Requests that failed.
    pub failures: u64,
    /// Response times of all requests that ended.
    pub times: Distribution,
    /// What each criterion of the goal counted, in their order.
    pub counts: Vec<Counted>,
    /// The same by request, to tell which broke first.
    pub requests: Group<RequestKey, Vec<Counted>>,
    /// Why the load generator can't be trusted in this second, if so: its own lag, throttling, descriptors, ports.
    pub generator: Option<String>,
}

/// How many were too slow or failed, and of how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// Too slow, or failed. Interrupted ones that are older than a bound are too slow.
    pub over: u64,
    /// Of these.
    pub of: u64,
}

impl Counted {
    pub(super) fn add(&mut self, other: Self) {
        self.over += other.over;
        self.of += other.of;
    }

    pub(super) fn share(self) -> f64 {
        self.over as f64 / self.of.max(1) as f64
    }
}
