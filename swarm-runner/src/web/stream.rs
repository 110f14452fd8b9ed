//! The stream of events: how far the run is, each second, and what is logged, to who looks on.

use super::changes::update;
use super::refusal::Refused;
use super::site::Site;
use crate::log_lines::LogLines;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use serde::Deserialize;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use swarm_core::engine::{RunHandle, Snapshot};
use swarm_core::stats::{EntryPoint, Kind};
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{Instant, sleep_until, timeout};

/// How often a quiet stream shows that it is alive.
const ALIVE: Duration = Duration::from_secs(15);
/// How long points of an entry are waited for.
const ENTRY: Duration = Duration::from_millis(500);
/// Lines that are logged in this time come together.
const GATHERED: Duration = Duration::from_millis(250);

/// One who looks on. What it does not take in time it never gets: there is only the latest snapshot, and only the last lines.
struct Onlooker {
    snapshots: watch::Receiver<Arc<Snapshot>>,
    /// What it got last.
    seen: Option<Arc<Snapshot>>,
    handle: RunHandle,
    entry: Option<Entry>,
    /// Up to where it got the points of that.
    entry_until_s: f64,
    lines: Arc<LogLines>,
    count: watch::Receiver<u64>,
    /// Number of the next line, and when it may be sent.
    next_line: u64,
    due: Instant,
    closing: watch::Receiver<bool>,
    _place: OwnedSemaphorePermit,
}

/// The entry of requests whose history is wanted too.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// What sort of request.
    kind: Option<Kind>,
    /// Its method.
    method: Option<String>,
    /// What it is reported as.
    name: Option<String>,
}

#[derive(Debug)]
struct Entry {
    kind: Kind,
    method: String,
    name: String,
}

impl Asked {
    fn entry(self) -> Result<Option<Entry>, Refused> {
        match self {
            Self { kind: None, method: None, name: None } => Ok(None),
            Self { kind: Some(kind), method: Some(method), name: Some(name) } => {
                Ok(Some(Entry { kind, method, name }))
            }
            _ => Err(Refused::new(StatusCode::BAD_REQUEST, "give kind, method and name, or none")),
        }
    }
}

/// `GET /api/v1/events`
pub(super) async fn events(
    State(site): State<Arc<Site>>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refused> {
    let Query(asked) = asked?;
    let entry = asked.entry()?;
    let place = Arc::clone(&site.streams).try_acquire_owned().map_err(|_| {
        Refused::new(StatusCode::SERVICE_UNAVAILABLE, "too many look on: close other pages")
    })?;
    let events = stream::unfold(Onlooker::new(&site, entry, place), async |mut onlooker| {
        let event = onlooker.next().await?;
        Some((Ok(event), onlooker))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE)))
}

impl Onlooker {
    fn new(site: &Site, entry: Option<Entry>, place: OwnedSemaphorePermit) -> Self {
        let (mut snapshots, mut count) = (site.handle.snapshots(), site.log.count());
        // It gets what there is at once.
        snapshots.mark_changed();
        count.mark_changed();
        Self {
            snapshots,
            seen: None,
            handle: site.handle.clone(),
            entry,
            entry_until_s: 0.0,
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
                    return self.update().await;
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

    async fn update(&mut self) -> Option<Event> {
        let now = Arc::clone(&self.snapshots.borrow_and_update());
        let mut update = update(self.seen.as_deref(), &now);
        if update.full {
            self.entry_until_s = 0.0;
        }
        update.entry = self.entry_points().await;
        self.seen = Some(now);
        Event::default().event("update").json_data(update).ok()
    }

    /// The points that are new of the entry that is wanted.
    async fn entry_points(&mut self) -> Option<Vec<EntryPoint>> {
        let Entry { kind, method, name } = self.entry.as_ref()?;
        let points = self.handle.entry_history(*kind, method, name, self.entry_until_s);
        // While a run begins or ends, the engine may have no time for it; the next time has all.
        let points = timeout(ENTRY, points).await.ok()??;
        self.entry_until_s = points.last().map_or(self.entry_until_s, |point| point.t_s);
        Some(points)
    }

    /// The lines that are new, if there are any.
    fn log(&mut self) -> Option<Event> {
        let (lines, next) = self.lines.since(self.next_line);
        (self.next_line, self.due) = (next, Instant::now() + GATHERED);
        (!lines.is_empty()).then(|| Event::default().event("log").json_data(lines).ok())?
    }
}
