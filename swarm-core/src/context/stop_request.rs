//! That a user of a shard wants the whole run to end.

use std::cell::RefCell;
use tokio::sync::Notify;

/// What a shard hears of a user that returned [`StopTest`](crate::error::StopTest). Both ends live on one thread.
#[derive(Debug, Default)]
pub(crate) struct StopRequest {
    asked: RefCell<Option<(&'static str, String)>>,
    notify: Notify,
}

impl StopRequest {
    /// A user of this class asks, for this reason.
    pub(super) fn ask(&self, class: &'static str, reason: &str) {
        *self.asked.borrow_mut() = Some((class, reason.to_owned()));
        self.notify.notify_one();
    }

    /// Who has asked, if somebody has.
    pub(crate) fn take(&self) -> Option<(&'static str, String)> {
        self.asked.take()
    }

    /// Resolves when a user has asked: to its class and its reason.
    pub(crate) async fn asked(&self) -> (&'static str, String) {
        loop {
            if let Some(asked) = self.take() {
                return asked;
            }
            self.notify.notified().await;
        }
    }
}
