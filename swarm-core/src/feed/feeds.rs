//! All feeds of a process: what is loaded, and how far each is in a run.

use super::cursor::{Cursor, Part};
use super::declaration::FeedRow;
use super::table::Table;
use crate::error::SetupError;
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// The feeds of a process, a resource that all its users share: rows are loaded once, and each run begins with the first again.
///
/// Who starts runs gives it, to say where files are sought; without it each run has one of its own.
///
/// ```
/// use swarm_core::context::Resources;
/// use swarm_core::feed::Feeds;
///
/// let resources = Resources::default().with(Feeds::in_folder("load-tests/shop"));
/// ```
#[derive(Default)]
pub struct Feeds {
    folder: Option<PathBuf>,
    tables: Arc<Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>>,
    seed: u64,
    cursors: Mutex<HashMap<TypeId, Arc<Cursor>>>,
}

impl Feeds {
    /// Feeds whose files, where their paths are relative, are sought in this folder and then in the working directory.
    ///
    /// Without a folder (the default) they are sought in the working directory alone.
    #[must_use]
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: Some(folder.into()), ..Self::default() }
    }

    /// The same rows, from the beginning, in the orders of this seed.
    pub(crate) fn for_run(&self, seed: u64) -> Self {
        let folder = self.folder.clone();
        Self { folder, tables: Arc::clone(&self.tables), seed, cursors: Mutex::default() }
    }

    /// Loads the rows of `T` and checks each, unless that was done.
    ///
    /// # Errors
    ///
    /// A file that is missing or empty; bad rows, with file, line and column, and never with a value.
    pub fn check<T: FeedRow>(&self) -> Result<(), SetupError> {
        self.table::<T>().map(drop)
    }

    /// The rows of `T`.
    pub(super) fn table<T: FeedRow>(&self) -> Result<Arc<Table<T>>, SetupError> {
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = tables.get(&TypeId::of::<T>())
            && let Ok(known) = Arc::clone(known).downcast::<Table<T>>()
        {
            return Ok(known);
        }
        let loaded = Table::load(T::FEED, self.folder.as_deref()).map_err(SetupError::new)?;
        let table = Arc::new(loaded);
        tables.insert(TypeId::of::<T>(), Arc::<Table<T>>::clone(&table));
        Ok(table)
    }

    /// How far the feed of `T` is, which has so many rows.
    pub(super) fn cursor<T: FeedRow>(&self, rows: usize) -> Arc<Cursor> {
        let mut cursors = self.cursors.lock().unwrap_or_else(PoisonError::into_inner);
        let feed = T::FEED;
        let new = || Cursor::new(feed.order, rows, Part::WHOLE, self.seed, feed.name);
        Arc::clone(cursors.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(new())))
    }
}

impl fmt::Debug for Feeds {
    /// Where files are sought, never a row.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Feeds").field("folder", &self.folder).finish_non_exhaustive()
    }
}
