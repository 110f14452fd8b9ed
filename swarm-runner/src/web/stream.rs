//! The stream of events: how far the run is, each second, and what is logged, to who looks on.

use super::changes::update;
use super::refusal::Refused;
use super::site::Site;
use crate::log_lines::LogLines;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use swarm_core::engine::Snapshot;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{Instant, sleep_until};

/// How often a quiet stream shows that it is alive.
const ALIVE: Duration = Duration::from_secs(15);
/// Lines that are logged in this time come together.
const GATHERED: Duration = Duration::from_millis(250);

/// One who looks on. What it does not take in time it never gets: there is only the latest snapshot, and only the last lines.
struct Onlooker {
    snapshots: watch::Receiver<Arc<Snapshot>>,
    /// What it got last.
    seen: Option<Arc<Snapshot>>,
    lines: Arc<LogLines>,
    count: watch::Receiver<u64>,
    /// Number of the next line, and when it may be sent.
    next_line: u64,
    due: Instant,
    closing: watch::Receiver<bool>,
    _place: OwnedSemaphorePermit,
}

/// `GET /api/v1/events`
pub(super) async fn events(
    State(site): State<Arc<Site>>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refused> {
    let place = Arc::clone(&site.streams).try_acquire_owned().map_err(|_| {
        Refused::new(StatusCode::SERVICE_UNAVAILABLE, "too many look on: close other pages")
    })?;
    let events = stream::unfold(Onlooker::new(&site, place), async |mut onlooker| {
        let event = onlooker.next().await?;
        Some((Ok(event), onlooker))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE)))
}

impl Onlooker {
    fn new(site: &Site, place: OwnedSemaphorePermit) -> Self {
        let (mut snapshots, mut count) = (site.handle.snapshots(), site.log.count());
        // It gets what there is at once.
        snapshots.mark_changed();
        count.mark_changed();
        Self {
            snapshots,
            seen: None,
            lines: Arc::clone(&site.log),
            count,
            next_line: 0,
            due: Instant::now(),
            closing: site.closing.subscribe(),
            _place: place,
        }
    }

    /// The next event; none when the program ends.
    async fn next(&mut self) -> Option<Event> {
        loop {
            tokio::select! {
                biased;
                changed = self.snapshots.changed() => {
                    changed.ok()?;
                    return self.update();
                }
                changed = async {
                    sleep_until(self.due).await;
                    self.count.changed().await
                } => {
                    changed.ok()?;
                    if let Some(event) = self.log() {
                        return Some(event);
                    }
                }
                () = async { drop(self.closing.wait_for(|closing| *closing).await) } => return None,
            }
        }
    }

    fn update(&mut self) -> Option<Event> {
        let now = Arc::clone(&self.snapshots.borrow_and_update());
        let update = update(self.seen.as_deref(), &now);
        self.seen = Some(now);
        Event::default().event("update").json_data(update).ok()
    }

    /// The lines that are new, if there are any.
    fn log(&mut self) -> Option<Event> {
        let (lines, next) = self.lines.since(self.next_line);
        (self.next_line, self.due) = (next, Instant::now() + GATHERED);
        (!lines.is_empty()).then(|| Event::default().event("log").json_data(lines).ok())?
    }
}
