//! What `#[feed]` says about a type of rows.

use super::file::ReadRow;
use super::order::Order;
use crate::error::TaskError;
use serde::de::DeserializeOwned;

/// A type of rows: implemented by `#[feed]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `#[feed]` attribute",
    label = "not a type of rows",
    note = "write `#[feed(file = \"rows.csv\")]` above `struct {Self}`, so that it is known where its rows come from"
)]
pub trait FeedRow: Sized + Send + Sync + 'static {
    /// Where its rows come from, and in which order.
    const FEED: &'static FeedDeclaration<Self>;
}

/// What the attribute `#[feed]` was given.
#[derive(Debug)]
pub struct FeedDeclaration<T> {
    /// Name of the type.
    pub name: &'static str,
    /// In which order its rows are given out.
    pub order: Order,
    /// Where its rows come from.
    pub source: Source<T>,
}

/// Where rows come from.
#[derive(Debug)]
pub struct Source<T>(pub(super) Origin<T>);

#[derive(Debug)]
pub(super) enum Origin<T> {
    File { path: &'static str, read: ReadRow<T> },
    Code(fn() -> Result<Vec<T>, TaskError>),
}

impl<T> Source<T> {
    /// From a file: CSV if its name ends in `.csv` or `.tsv`, else one JSON object a line.
    #[must_use]
    pub const fn file(path: &'static str) -> Self
    where
        T: FileRow,
    {
        Self(Origin::File { path, read: |format, row| format.read(row) })
    }

    /// From code, which is called once.
    #[must_use]
    pub const fn code(rows: fn() -> Result<Vec<T>, TaskError>) -> Self {
        Self(Origin::Code(rows))
    }
}

/// A row that can stand in a file.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be read from a file",
    label = "not `Deserialize`",
    note = "write `#[derive(serde::Deserialize)]` above `struct {Self}`"
)]
pub trait FileRow: DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> FileRow for T {}

/// What a function of rows may return: a `Vec` of them, or a result with one.
#[diagnostic::on_unimplemented(
    message = "a function of rows can't return `{Self}`",
    label = "neither `Vec<{T}>` nor a `Result` with one",
    note = "it returns `Vec<{T}>`, or a `Result` of it whose error implements `std::error::Error`"
)]
pub trait IntoRows<T> {
    /// The rows.
    ///
    /// # Errors
    ///
    /// The function's own.
    fn into_rows(self) -> Result<Vec<T>, TaskError>;
}

impl<T> IntoRows<T> for Vec<T> {
    fn into_rows(self) -> Result<Self, TaskError> {
        Ok(self)
    }
}

impl<T, E: Into<TaskError>> IntoRows<T> for Result<Vec<T>, E> {
    fn into_rows(self) -> Result<Vec<T>, TaskError> {
        self.map_err(Into::into)
    }
}
