//! The course of the run as Locust's CSV has it: a line a second, kept for who downloads it.

use crate::csv_tables::{self, Row};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use swarm_core::engine::{RunHandle, Snapshot};

/// Most lines kept: an hour of seconds. Beyond, every second one is left out.
const MOST: usize = 3_600;

/// The lines of the latest run.
#[derive(Debug, Default)]
pub(super) struct Course(Mutex<Lines>);

#[derive(Debug)]
struct Lines {
    run: u32,
    rows: Vec<Row>,
    /// One of so many is kept.
    step: u64,
    seen: u64,
}

impl Default for Lines {
    fn default() -> Self {
        Self { run: 0, rows: Vec::new(), step: 1, seen: 0 }
    }
}

impl Course {
    /// Looks on until the program ends.
    pub(super) async fn follow(&self, handle: RunHandle) {
        let mut snapshots = handle.snapshots();
        while snapshots.changed().await.is_ok() {
            let now = Arc::clone(&snapshots.borrow_and_update());
            self.lines().add(&now);
        }
    }

    /// As a table.
    pub(super) fn table(&self) -> Vec<Row> {
        let header = csv_tables::history_header();
        [header].into_iter().chain(self.lines().rows.iter().cloned()).collect()
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lines {
    fn add(&mut self, now: &Snapshot) {
        if self.run != now.run {
            *self = Self { run: now.run, ..Self::default() };
        }
        let Some(report) = &now.report else { return };
        self.seen += 1;
        if self.seen.is_multiple_of(self.step) {
            self.rows.extend(csv_tables::history(report, now.users, false));
        }
        if self.rows.len() > MOST {
            let mut kept = false;
            self.rows.retain(|_| {
                kept = !kept;
                kept
            });
            self.step *= 2;
        }
    }
}
