//! The heart of a shard: how late it beats is how late all else on its thread is.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// How often it beats.
const BEAT: Duration = Duration::from_millis(10);

/// Beats as long as its shard lives.
#[derive(Debug, Clone, Default)]
pub(crate) struct Heart {
    lag: Rc<Cell<Duration>>,
}

impl Heart {
    /// Beats for ever.
    pub(crate) async fn beat(self) {
        let mut due = Instant::now();
        loop {
            due += BEAT;
            sleep_until(due).await;
            let late = due.elapsed();
            self.lag.set(self.lag.get().max(late));
            if late > BEAT {
                // Beats that were missed are not made up.
                due = Instant::now();
            }
        }
    }

    /// The longest lag since the last time.
    pub(crate) fn lag(&self) -> Duration {
        self.lag.take()
    }
}
