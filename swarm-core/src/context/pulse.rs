//! What a shard's thread is doing now, for who looks at it from another thread.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Which code of a user a thread runs: two stores when it begins, one when it ends.
#[derive(Debug, Default)]
pub(crate) struct Pulse {
    /// Class and task; 0 while no user's code runs.
    doing: AtomicU64,
    /// How often user code has begun to run.
    begun: AtomicU64,
}

/// Code of a user that runs now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Doing {
    /// The class, by its place in the run.
    pub(crate) class: u32,
    /// The task, by its [number](crate::user::Selected::number); 0 for what is no task.
    pub(crate) task: u32,
    /// Which run of user code on this thread it is.
    pub(crate) run: u64,
}

impl Pulse {
    /// Code of this class's task begins to run.
    pub(crate) fn begin(&self, class: u32, task: u32) {
        // Only the shard's thread writes.
        self.begun.store(self.begun.load(Relaxed).wrapping_add(1), Relaxed);
        self.doing.store(u64::from(class + 1) << 32 | u64::from(task), Relaxed);
    }

    /// It has ended, or waits.
    pub(crate) fn end(&self) {
        self.doing.store(0, Relaxed);
    }

    /// What runs now.
    pub(crate) fn doing(&self) -> Option<Doing> {
        let run = self.begun.load(Relaxed);
        let doing = self.doing.load(Relaxed);
        let class = u32::try_from(doing >> 32).ok()?.checked_sub(1)?;
        #[expect(clippy::cast_possible_truncation, reason = "the lower half")]
        Some(Doing { class, task: doing as u32, run })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_is_seen() {
        let pulse = Pulse::default();
        assert_eq!(pulse.doing(), None);
        pulse.begin(0, 0);
        assert_eq!(pulse.doing(), Some(Doing { class: 0, task: 0, run: 1 }));
        pulse.end();
        assert_eq!(pulse.doing(), None);
        pulse.begin(3, 7);
        assert_eq!(pulse.doing(), Some(Doing { class: 3, task: 7, run: 2 }));
    }
}
