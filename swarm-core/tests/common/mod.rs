//! What tests of real runs share.

use std::time::Duration;
use swarm_core::engine::Event;
use tokio::sync::broadcast::Receiver;
use tokio::time::timeout;

/// The next event that this picks out; a run that hangs fails the test.
pub(crate) async fn next<T>(events: &mut Receiver<Event>, pick: impl Fn(Event) -> Option<T>) -> T {
    let picked = async {
        loop {
            if let Some(picked) = pick(events.recv().await.expect("the conductor lives")) {
                return picked;
            }
        }
    };
    timeout(Duration::from_secs(30), picked).await.expect("an event")
}
