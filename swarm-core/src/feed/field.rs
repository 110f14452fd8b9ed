//! The fields by which a user gets its rows.

use super::cursor::{Cursor, Lease, NoRow};
use super::declaration::FeedRow;
use super::feeds::Feeds;
use super::table::{Table, Value};
use crate::context::{Context, FromContext, Needs};
use crate::error::{SetupError, StopUser};
use std::error::Error;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A field that gives rows of `T`, one after the other; all users share the rows and their order.
///
/// `T` is a struct with [`#[feed]`](macro@crate::feed), where the orders are explained.
///
/// ```
/// use swarm_core::prelude::*;
///
/// #[feed(file = "searches.csv", order = random)]
/// #[derive(serde::Deserialize)]
/// struct Search {
///     words: String,
/// }
///
/// #[user(wait = between(1s, 5s))]
/// struct Searcher {
///     client: HttpClient,
///     searches: Feed<Search>,
/// }
///
/// #[tasks]
/// impl Searcher {
///     #[task]
///     async fn search(&mut self) -> TaskResult {
///         let search = self.searches.next()?;
///         self.client.get("/search").query(&[("q", &search.words)]).await?;
///         Ok(())
///     }
/// }
/// ```
pub struct Feed<T> {
    name: &'static str,
    context: Context,
    table: Arc<Table<T>>,
    cursor: Arc<Cursor>,
}

impl<T> Feed<T> {
    /// The next row. With the order `unique` it belongs to this user until it is dropped.
    ///
    /// # Errors
    ///
    /// No row is left: with `once` when all are used, with `unique` while all are lent. Where it is declared that users end then, a task that ends
    /// with this error ends its user, as [`StopUser`] does.
    pub fn next(&self) -> Result<Row<T>, FeedError> {
        let draw = |rows: u64| self.context.random(|random| random.number(0..=rows - 1));
        let why = |why| FeedError { feed: self.name, why };
        let taken = self.cursor.take(draw).map_err(|none| why(Why::NoRow(none, self.rows())))?;
        let value = self.table.row(taken.row).map_err(|bad| why(Why::Bad(bad)))?;
        Ok(Row { value, _lease: taken.lease })
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.table.rows()
    }
}

#[diagnostic::do_not_recommend]
impl<T: FeedRow> FromContext for Feed<T> {
    const NEEDS: Needs =
        Needs::check(|resources| resources.get::<Feeds>().unwrap_or_default().check::<T>());

    fn from_context(context: &Context) -> Result<Self, SetupError> {
        let none = || SetupError::new("a feed outside of a run");
        let feeds = context.resource::<Feeds>().ok_or_else(none)?;
        let table = feeds.table::<T>()?;
        let cursor = feeds.cursor::<T>(table.rows());
        Ok(Self { name: T::FEED.name, context: context.clone(), table, cursor })
    }
}

/// One row: a shared, read-only view of a `T`. With the order `unique` it is given back when it is dropped.
///
/// As a field it is the next row when the user is built, and the user's own for its life:
///
/// ```
/// use swarm_core::prelude::*;
///
/// #[feed(file = "accounts.csv", order = unique)]
/// #[derive(serde::Deserialize)]
/// struct Account {
///     username: String,
///     password: Secret,
/// }
///
/// #[user(wait = between(1s, 5s))]
/// struct Customer {
///     client: HttpClient,
///     account: Row<Account>,
/// }
///
/// #[tasks]
/// impl Customer {
///     #[on_start]
///     async fn login(&mut self) -> TaskResult {
///         let login = TokenAuth::login("/login", &self.account.username, &self.account.password);
///         self.client.authenticate(login).await?;
///         Ok(())
///     }
///
///     #[task]
///     async fn visit_profile(&mut self) -> TaskResult {
///         self.client.get("/profile").await?;
///         Ok(())
///     }
/// }
/// ```
pub struct Row<T> {
    value: Value<T>,
    _lease: Option<Lease>,
}

impl<T> Deref for Row<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Row<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(out)
    }
}

#[diagnostic::do_not_recommend]
impl<T: FeedRow> FromContext for Row<T> {
    const NEEDS: Needs = <Feed<T> as FromContext>::NEEDS;

    fn from_context(context: &Context) -> Result<Self, SetupError> {
        Ok(Feed::<T>::from_context(context)?.next()?)
    }
}

/// Why there is no next row.
#[derive(Debug)]
pub struct FeedError {
    feed: &'static str,
    why: Why,
}

#[derive(Debug)]
enum Why {
    /// None of so many.
    NoRow(NoRow, usize),
    /// One that was good when it was loaded.
    Bad(String),
}

impl fmt::Display for FeedError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { feed, why } = self;
        match why {
            Why::NoRow(NoRow::UsedUpStop | NoRow::UsedUpFail, rows) => {
                write!(out, "feed {feed}: each of its {rows} rows was used")
            }
            Why::NoRow(NoRow::AllLent, rows) => {
                write!(
                    out,
                    "feed {feed}: each of its {rows} rows belongs to another user now: add rows, or run fewer users"
                )
            }
            Why::Bad(bad) => write!(out, "feed {feed}: {bad}"),
        }
    }
}

impl Error for FeedError {
    /// [`StopUser`], where it is declared that users without a row end.
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self.why {
            Why::NoRow(NoRow::UsedUpStop, _) => Some(&StopUser),
            _ => None,
        }
    }
}

impl From<FeedError> for SetupError {
    fn from(error: FeedError) -> Self {
        match error.why {
            Why::NoRow(NoRow::UsedUpStop, _) => StopUser.into(),
            _ => Self::new(error.to_string()),
        }
    }
}
