//! Tasks that run in turn, each once, as they do in a trial: not picked, but given.

use std::cell::Cell;

/// Which tasks of a list run, by their indices. It goes on where it was, also in a user that is built anew.
#[derive(Debug, Clone, Default)]
pub(super) struct Turns {
    /// A visit to a set ends at a none.
    list: Vec<Option<usize>>,
    next: Cell<usize>,
}

impl Turns {
    /// The next one; none at the end of a visit, and at the end of all.
    pub(super) fn take(&self) -> Option<usize> {
        let at = self.next.get();
        self.next.set(at + 1);
        self.list.get(at).copied().flatten()
    }

    pub(super) fn is_over(&self) -> bool {
        self.next.get() >= self.list.len()
    }

    /// Adds one.
    pub(super) fn add(&mut self, task: usize) {
        self.list.push(Some(task));
    }

    /// Adds the end of a visit.
    pub(super) fn end_visit(&mut self) {
        self.list.push(None);
    }

    /// Takes the end of the last visit back: it goes on.
    pub(super) fn go_on(&mut self) {
        self.list.pop();
    }

    /// Whether this was the last one added.
    pub(super) fn ends_with(&self, task: usize) -> bool {
        self.list.last() == Some(&Some(task))
    }
}
