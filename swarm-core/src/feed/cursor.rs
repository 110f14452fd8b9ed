//! How far a feed is in a run: which row the next user gets.

use super::order::{AtEnd, Order};
use super::shuffle::shuffled;
use crate::random::Random;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

/// Which rows are this machine's: of the sequence that all machines share, each `of`th from `index` on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) index: u64,
    pub(super) of: u64,
}

impl Part {
    /// Of one machine.
    pub(super) const WHOLE: Self = Self { index: 0, of: 1 };

    /// Where the `number`th of ours stands in the sequence of all.
    fn place(self, number: u64) -> u64 {
        number.saturating_mul(self.of).saturating_add(self.index)
    }
}

/// The order of a feed in one run, shared by all users of the process.
#[derive(Debug)]
pub(super) struct Cursor {
    order: Order,
    /// How many rows there are; at least 1.
    rows: u64,
    part: Part,
    key: u64,
    /// How many were given out, those that came back not counted again.
    given: AtomicU64,
    /// Those that were given back, oldest first.
    back: Mutex<VecDeque<u64>>,
}

/// A row that was given out.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) row: usize,
    /// What gives it back, where rows are lent.
    pub(super) lease: Option<Lease>,
}

/// Why there is no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoRow {
    /// Each was used, and users without a row end.
    UsedUpStop,
    /// Each was used, and users without a row fail.
    UsedUpFail,
    /// Each is lent.
    AllLent,
}

impl Cursor {
    /// The beginning of the order of the feed with this name, in a run with this seed.
    pub(super) fn new(order: Order, rows: usize, part: Part, seed: u64, name: &str) -> Self {
        // The name, so that two feeds of a run are not shuffled alike.
        let key = name.bytes().fold(seed, |key, byte| word(key, u32::from(byte)));
        let rows = rows.max(1) as u64;
        Self { order, rows, part, key, given: AtomicU64::new(0), back: Mutex::default() }
    }

    /// The next row. `draw` gives a random number below its argument, by the user's own chance.
    pub(super) fn take(self: &Arc<Self>, draw: impl FnOnce(u64) -> u64) -> Result<Taken, NoRow> {
        let row = match self.order {
            Order::Random => draw(self.rows),
            Order::Unique => return self.lend(),
            Order::Circular | Order::Once { then: AtEnd::Wrap } => self.next_place() % self.rows,
            Order::Shuffled => {
                let place = self.next_place();
                let pass = u32::try_from(place / self.rows).unwrap_or(u32::MAX);
                shuffled(place % self.rows, self.rows, word(self.key, pass))
            }
            Order::Once { then: AtEnd::Stop } => self.unused().ok_or(NoRow::UsedUpStop)?,
            Order::Once { then: AtEnd::Fail } => self.unused().ok_or(NoRow::UsedUpFail)?,
        };
        Ok(Taken { row: index(row), lease: None })
    }

    fn next_place(&self) -> u64 {
        self.part.place(self.given.fetch_add(1, Relaxed))
    }

    fn unused(&self) -> Option<u64> {
        Some(self.next_place()).filter(|place| *place < self.rows)
    }

    /// A row that nobody has: one that nobody had yet, or else the one that was given back first.
    fn lend(self: &Arc<Self>) -> Result<Taken, NoRow> {
        let mut back = self.back.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = self.part.place(self.given.load(Relaxed));
        let row = if fresh < self.rows {
            self.given.fetch_add(1, Relaxed);
            fresh
        } else {
            back.pop_front().ok_or(NoRow::AllLent)?
        };
        Ok(Taken { row: index(row), lease: Some(Lease { cursor: Arc::clone(self), row }) })
    }
}

/// A well-mixed word of two.
fn word(key: u64, number: u32) -> u64 {
    Random::new(key, number).number(0..=u64::MAX)
}

/// Rows are kept in memory, so their numbers fit.
fn index(row: u64) -> usize {
    usize::try_from(row).unwrap_or_default()
}

/// Gives a row back when it is dropped: when its user ends, panics or is built anew.
#[derive(Debug)]
pub(super) struct Lease {
    cursor: Arc<Cursor>,
    row: u64,
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.cursor.back.lock().unwrap_or_else(PoisonError::into_inner).push_back(self.row);
    }
}
