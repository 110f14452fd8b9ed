//! Marks that users of a shard set.

use std::cell::RefCell;
use std::time::Duration;
use tokio::sync::Notify;

/// Most that wait to be heard: a run keeps fewer, and says so if there were more.
const MOST: usize = 500;

/// What a shard hears of [`Context::mark`](super::Context::mark). Both ends live on one thread.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    waiting: RefCell<Vec<(Duration, String)>>,
    notify: Notify,
}

impl Notes {
    /// A user sets one, at this time of the run.
    pub(super) fn set(&self, at: Duration, text: &str) {
        let mut waiting = self.waiting.borrow_mut();
        if waiting.len() < MOST {
            waiting.push((at, text.to_owned()));
            self.notify.notify_one();
        }
    }

    /// Those that wait.
    pub(crate) fn take(&self) -> Vec<(Duration, String)> {
        self.waiting.take()
    }

    /// Resolves when there are some, to all that there are.
    pub(crate) async fn next(&self) -> Vec<(Duration, String)> {
        loop {
            let waiting = self.take();
            if !waiting.is_empty() {
                return waiting;
            }
            self.notify.notified().await;
        }
    }
}
