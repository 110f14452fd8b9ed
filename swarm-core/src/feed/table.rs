//! The rows of a feed: loaded once, and shared by all users of the process.

use super::declaration::{FeedDeclaration, Origin};
use super::file::{ReadRow, RowFile};
use std::ops::Deref;
use std::panic::catch_unwind;
use std::path::Path;
use std::sync::Arc;

/// All rows of a feed; at least one.
#[derive(Debug)]
pub(super) enum Table<T> {
    /// Read anew each time, so that a million rows are a text and not a million values.
    File { file: RowFile, read: ReadRow<T> },
    /// From code.
    Values(Arc<[T]>),
}

/// One row.
#[derive(Debug)]
pub(super) enum Value<T> {
    Read(T),
    Shared(Arc<[T]>, usize),
}

impl<T> Deref for Value<T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self {
            Self::Read(row) => row,
            Self::Shared(rows, index) => &rows[*index],
        }
    }
}

impl<T> Table<T> {
    /// Loads the rows, and checks each.
    ///
    /// # Errors
    ///
    /// What is wrong with them: one line for each mistake.
    pub(super) fn load(feed: &FeedDeclaration<T>, folder: Option<&Path>) -> Result<Self, String> {
        match feed.source.0 {
            Origin::File { path, read } => {
                Ok(Self::File { file: RowFile::open(path, folder, read)?, read })
            }
            Origin::Code(rows) => match catch_unwind(rows) {
                Ok(Ok(rows)) if rows.is_empty() => Err(format!("feed {}: no rows", feed.name)),
                Ok(Ok(rows)) => Ok(Self::Values(rows.into())),
                Ok(Err(error)) => Err(format!("feed {}: {error}", feed.name)),
                // The panic has said where and why.
                Err(_) => Err(format!("feed {}: its function panicked", feed.name)),
            },
        }
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        match self {
            Self::File { file, .. } => file.rows(),
            Self::Values(rows) => rows.len(),
        }
    }

    /// A row by its index, which is below the number of rows. Its check was passed when it was loaded; the error says where it stands.
    pub(super) fn row(&self, index: usize) -> Result<Value<T>, String> {
        match self {
            Self::File { file, read } => file.read(index, *read).map(Value::Read),
            Self::Values(rows) => Ok(Value::Shared(Arc::clone(rows), index)),
        }
    }
}
