//! The figures that are shown, asked for once for each snapshot of the run: however many systems ask, and however often, it costs the run no more.

use std::sync::Arc;
use swarm_core::engine::{RunHandle, Snapshot};
use tokio::sync::Mutex;

/// The way to the figures, and those that were shown last.
#[derive(Debug)]
pub(crate) struct Kept {
    handle: RunHandle,
    /// The latest snapshot of then, and the same with histograms.
    last: Mutex<Option<[Arc<Snapshot>; 2]>>,
}

impl Kept {
    pub(crate) fn new(handle: RunHandle) -> Self {
        Self { handle, last: Mutex::default() }
    }

    /// A snapshot with histograms that is a second old at most.
    pub(crate) async fn figures(&self) -> Arc<Snapshot> {
        let mut last = self.last.lock().await;
        let latest = Arc::clone(&self.handle.snapshots().borrow());
        if let Some([of, figures]) = &*last
            && Arc::ptr_eq(of, &latest)
        {
            return Arc::clone(figures);
        }
        let figures = self.handle.with_histograms().await;
        *last = Some([latest, Arc::clone(&figures)]);
        figures
    }
}
