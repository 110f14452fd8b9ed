//! The stream of events: how far the run is, each second, to who looks on.

use super::changes::update;
use super::refusal::Refused;
use super::site::Site;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use swarm_core::engine::Snapshot;
use tokio::sync::{OwnedSemaphorePermit, watch};

/// How often a quiet stream shows that it is alive.
const ALIVE: Duration = Duration::from_secs(15);

/// One who looks on. What it does not take in time it never gets: there is only the latest snapshot.
struct Onlooker {
    snapshots: watch::Receiver<Arc<Snapshot>>,
    /// What it got last.
    seen: Option<Arc<Snapshot>>,
    _place: OwnedSemaphorePermit,
}

/// `GET /api/v1/events`
pub(super) async fn events(
    State(site): State<Arc<Site>>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refused> {
    let place = Arc::clone(&site.streams).try_acquire_owned().map_err(|_| {
        Refused::new(StatusCode::SERVICE_UNAVAILABLE, "too many look on: close other pages")
    })?;
    let onlooker = Onlooker { snapshots: site.handle.snapshots(), seen: None, _place: place };
    let events = stream::unfold(onlooker, async |mut onlooker| {
        let event = onlooker.next().await?;
        Some((Ok(event), onlooker))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE)))
}

impl Onlooker {
    /// The next event; none when the program ends.
    async fn next(&mut self) -> Option<Event> {
        if self.seen.is_some() {
            self.snapshots.changed().await.ok()?;
        }
        let now = Arc::clone(&self.snapshots.borrow_and_update());
        let update = update(self.seen.as_deref(), &now);
        self.seen = Some(now);
        Event::default().event("update").json_data(update).ok()
    }
}
