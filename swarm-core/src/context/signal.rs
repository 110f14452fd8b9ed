//! How a user is told to stop, and tells how far it is. Both ends live on one thread.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::task::{Poll, Waker};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// How far a user is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Life {
    /// Not logged in yet.
    Starting,
    /// Runs its tasks.
    Running,
    /// Was told to stop, or has ended.
    Stopping,
}

/// The line between a shard and one of its users.
///
/// A user is one future, so there is at most one waker; asking costs the running user one comparison per poll.
pub(crate) struct Signal {
    life: Cell<Life>,
    /// When what still runs is cut off; none while the user need not stop.
    cut_at: Cell<Option<Instant>>,
    told_at: Cell<Option<Instant>>,
    /// When all that the user does at its end is cut off; none before it began with that.
    last_words: Cell<Option<Instant>>,
    waker: RefCell<Option<Waker>>,
}

impl Default for Signal {
    fn default() -> Self {
        Self {
            life: Cell::new(Life::Starting),
            cut_at: Cell::new(None),
            told_at: Cell::new(None),
            last_words: Cell::new(None),
            waker: RefCell::new(None),
        }
    }
}

impl Signal {
    /// Tells the user to stop: no new task starts, and what still runs at `cut_at` is cut off. An earlier time wins.
    pub(crate) fn stop(&self, cut_at: Instant) {
        let earlier = self.cut_at.get().map_or(cut_at, |known| known.min(cut_at));
        self.cut_at.set(Some(earlier));
        self.told_at.set(self.told_at.get().or_else(|| Some(Instant::now())));
        self.life.set(Life::Stopping);
        self.wake();
    }

    /// The user looks around, if it waits.
    pub(super) fn wake(&self) {
        if let Some(waker) = self.waker.borrow_mut().take() {
            waker.wake();
        }
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.cut_at.get().is_some()
    }

    /// When the user was told to stop.
    pub(crate) fn told_at(&self) -> Option<Instant> {
        self.told_at.get()
    }

    /// Until when the user may do what it does at its end: so long from when this is first asked.
    pub(crate) fn last_words(&self, limit: Duration) -> Instant {
        let until = self.last_words.get().unwrap_or_else(|| Instant::now() + limit);
        self.last_words.set(Some(until));
        until
    }

    pub(crate) fn life(&self) -> Life {
        self.life.get()
    }

    /// The user says how far it is; who was told to stop stays so.
    pub(crate) fn set_life(&self, life: Life) {
        if !self.is_stopping() {
            self.life.set(life);
        }
    }

    /// Resolves when the user is told to stop.
    pub(crate) async fn stopping(&self) -> Instant {
        poll_fn(|cx| match self.cut_at.get() {
            Some(cut_at) => Poll::Ready(cut_at),
            None => {
                self.wake_later(cx.waker());
                Poll::Pending
            }
        })
        .await
    }

    /// Resolves when what still runs is to be cut off.
    pub(crate) async fn cut(&self) {
        let mut cut_at = self.stopping().await;
        while Instant::now() < cut_at {
            tokio::select! {
                () = sleep_until(cut_at) => return,
                earlier = self.changed(cut_at) => cut_at = earlier,
            }
        }
    }

    async fn changed(&self, known: Instant) -> Instant {
        poll_fn(|cx| match self.cut_at.get() {
            Some(cut_at) if cut_at != known => Poll::Ready(cut_at),
            _ => {
                self.wake_later(cx.waker());
                Poll::Pending
            }
        })
        .await
    }

    pub(super) fn wake_later(&self, waker: &Waker) {
        let mut slot = self.waker.borrow_mut();
        if !slot.as_ref().is_some_and(|known| known.will_wake(waker)) {
            *slot = Some(waker.clone());
        }
    }
}
