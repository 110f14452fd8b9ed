//! Waiting for a time that may never come.

use tokio::time::{Instant, sleep_until};

/// Resolves at a time; never, if there is none.
pub(super) async fn reached(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
