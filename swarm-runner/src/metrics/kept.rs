//! What was shown last, made anew once for each snapshot of the run: however many systems ask, and however often, it costs no more.

use super::families::families;
use super::openmetrics::Format;
use std::sync::Arc;
use swarm_core::engine::{RunHandle, Snapshot};
use tokio::sync::Mutex;

/// The way to the figures, and what was shown last in each format.
#[derive(Debug)]
pub(crate) struct Kept {
    handle: RunHandle,
    openmetrics: Mutex<Option<Shown>>,
    text: Mutex<Option<Shown>>,
}

/// What was shown, and the latest snapshot of then.
#[derive(Debug)]
struct Shown {
    at: Arc<Snapshot>,
    text: Arc<str>,
}

impl Kept {
    pub(crate) fn new(handle: RunHandle) -> Self {
        Self { handle, openmetrics: Mutex::default(), text: Mutex::default() }
    }

    /// The run as it was a second ago at most.
    pub(crate) async fn text(&self, format: Format) -> Arc<str> {
        let last = match format {
            Format::OpenMetrics => &self.openmetrics,
            Format::Text => &self.text,
        };
        let mut last = last.lock().await;
        let latest = Arc::clone(&self.handle.snapshots().borrow());
        if let Some(shown) = last.as_ref().filter(|shown| Arc::ptr_eq(&shown.at, &latest)) {
            return Arc::clone(&shown.text);
        }
        let figures = self.handle.with_histograms().await;
        let text: Arc<str> = format.text(&families(&figures)).into();
        *last = Some(Shown { at: latest, text: Arc::clone(&text) });
        text
    }
}
