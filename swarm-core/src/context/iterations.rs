//! How many iterations (runs of a task) may still start: of all users together, and of each.

use crate::plan::RunSpec;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The iterations of a run, where they are limited. Clones count together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Iterations {
    /// Of all users together.
    left: Option<Arc<AtomicU64>>,
    /// Of each user.
    per_user: Option<u64>,
}

impl Iterations {
    /// The limits of this run.
    pub(crate) fn of(spec: &RunSpec) -> Self {
        let left = spec.iterations.map(|all| Arc::new(AtomicU64::new(all)));
        Self { left, per_user: spec.user_iterations }
    }

    /// Takes one, for a user that has had so many. Returns whether there was one.
    pub(crate) fn take(&self, had: u64) -> bool {
        if self.per_user.is_some_and(|most| had >= most) {
            return false;
        }
        let one_less = |left: u64| left.checked_sub(1);
        let take = |left: &Arc<AtomicU64>| left.fetch_update(Relaxed, Relaxed, one_less).is_ok();
        self.left.as_ref().is_none_or(take)
    }

    /// Gives one back that did not start.
    pub(crate) fn give_back(&self) {
        if let Some(left) = &self.left {
            left.fetch_add(1, Relaxed);
        }
    }

    /// Whether all users together have had theirs.
    pub(crate) fn are_used_up(&self) -> bool {
        self.left.as_ref().is_some_and(|left| left.load(Relaxed) == 0)
    }
}
