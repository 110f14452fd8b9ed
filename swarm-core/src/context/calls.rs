//! How a user waits for iterations that arrive, where its shard has a schedule and the user none of its own. Both ends live on one thread.

use super::signal::Signal;
use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

/// The numbers of users that wait for an iteration, the last to come at the end.
pub(crate) type Waiting = Rc<RefCell<Vec<u32>>>;

/// The user's end.
pub(crate) struct Calls {
    number: u32,
    /// Where it waits for the next one; one for a visit goes on by its own schedule.
    waiting: Option<Waiting>,
    /// When the iteration that it was given is due.
    due: Cell<Option<Duration>>,
    is_waiting: Cell<bool>,
}

impl Calls {
    /// Of a user that starts because of an iteration that is due at this time.
    pub(crate) fn new(number: u32, waiting: Option<Waiting>, due: Duration) -> Self {
        Self { number, waiting, due: Cell::new(Some(due)), is_waiting: Cell::new(false) }
    }

    /// Gives the user an iteration. It must be taken from those that wait before.
    pub(super) fn give(&self, due: Duration, signal: &Signal) {
        self.is_waiting.set(false);
        self.due.set(Some(due));
        signal.wake();
    }

    /// Waits for an iteration, and says when it is due; none when the user is told to stop. What follows the first of a visit is not due by this.
    pub(super) async fn next(&self, signal: &Signal) -> Option<Option<Duration>> {
        poll_fn(|cx| {
            if signal.is_stopping() {
                return Poll::Ready(None);
            }
            if let Some(due) = self.due.take() {
                return Poll::Ready(Some(Some(due)));
            }
            let Some(waiting) = &self.waiting else { return Poll::Ready(Some(None)) };
            if !self.is_waiting.replace(true) {
                waiting.borrow_mut().push(self.number);
            }
            signal.wake_later(cx.waker());
            Poll::Pending
        })
        .await
    }

    /// Iterations that it was given and has not begun; told once.
    pub(super) fn missed(&self) -> u64 {
        u64::from(self.due.take().is_some())
    }
}
