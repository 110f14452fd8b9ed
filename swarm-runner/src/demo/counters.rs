//! How many requests the demo site received, by path.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The paths that are counted; everything else is `other`.
pub(super) const PATHS: [&str; 12] = [
    "/",
    "/register",
    "/login",
    "/session",
    "/profile",
    "/item/{id}",
    "/checkout",
    "/upload",
    "/lines",
    "/prices",
    "/slow",
    "/flaky",
];

/// A counter for each path.
#[derive(Debug, Default)]
pub(super) struct Counters {
    paths: [AtomicU64; PATHS.len()],
    other: AtomicU64,
}

impl Counters {
    /// Counts a request. Returns how many there were before.
    pub(super) fn count(&self, path: &str) -> u64 {
        let known = PATHS.iter().position(|known| *known == path);
        known.map_or(&self.other, |index| &self.paths[index]).fetch_add(1, Relaxed)
    }

    /// The counts so far.
    pub(super) fn all(&self) -> BTreeMap<&'static str, u64> {
        let other = ("other", self.other.load(Relaxed));
        let paths = PATHS.iter().zip(&self.paths).map(|(path, count)| (*path, count.load(Relaxed)));
        paths.chain([other]).collect()
    }
}
