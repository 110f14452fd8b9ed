//! The errors of user code: what a task ends with, what keeps a user from being built.

use std::error::Error;
use std::fmt;

/// What a task returns.
pub type TaskResult<T = ()> = Result<T, TaskError>;

/// Why a task ended early.
///
/// Any error goes into it through `?`; a text or a failed expectation through [`OrFail`].
/// An error that was recorded already (a failed request) is not counted again as an exception.
///
/// ```
/// use swarm_core::prelude::*;
///
/// fn parse(text: &str) -> TaskResult {
///     let number: u32 = text.parse()?;
///     (number > 0).or_fail("expected a positive number")?;
///     Ok(())
/// }
/// assert!(parse("3").is_ok());
/// assert_eq!(parse("0").unwrap_err().to_string(), "expected a positive number");
/// ```
pub struct TaskError(Box<dyn Error + 'static>);

impl TaskError {
    /// An error that is only a message.
    pub fn new(message: impl Into<String>) -> Self {
        Self(Box::new(Message(message.into(), None)))
    }

    /// The error as it was given.
    pub(crate) fn as_error(&self) -> &(dyn Error + 'static) {
        &*self.0
    }

    /// The error of type `E` in the chain of sources, if there is one.
    #[must_use]
    pub fn find<E: Error + 'static>(&self) -> Option<&E> {
        let mut next = Some(self.as_error());
        while let Some(error) = next {
            if let Some(found) = error.downcast_ref::<E>() {
                return Some(found);
            }
            next = error.source();
        }
        None
    }
}

// `TaskError` itself implements no `Error`, so that this conversion is possible (as in anyhow).
#[diagnostic::do_not_recommend]
impl<E: Error + 'static> From<E> for TaskError {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

impl fmt::Display for TaskError {
    /// The message and those of its sources, joined by `: `.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", Chain(&*self.0))
    }
}

impl fmt::Debug for TaskError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", Chain(&*self.0))
    }
}

/// An error with its sources, as one text.
pub(crate) fn chain(error: &dyn Error) -> String {
    Chain(error).to_string()
}

/// An error with its sources, each on a line of its own.
pub(crate) fn in_full(error: &dyn Error) -> String {
    let mut last = error.to_string();
    let mut full = last.clone();
    let mut next = error.source();
    while let Some(source) = next {
        let text = source.to_string();
        // Some errors only stand for their sources.
        if text != last {
            full.push_str("\ncaused by: ");
            full.push_str(&text);
        }
        (last, next) = (text, source.source());
    }
    full
}

/// The same as [`chain`], to be written.
struct Chain<'a>(&'a dyn Error);

impl fmt::Display for Chain<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut whole = self.0.to_string();
        let mut next = self.0.source();
        while let Some(source) = next {
            let text = source.to_string();
            // Many errors repeat their sources in their own message.
            if !whole.contains(&text) {
                whole.push_str(": ");
                whole.push_str(&text);
            }
            next = source.source();
        }
        out.write_str(&whole)
    }
}

/// A message with, perhaps, the error behind it.
#[derive(Debug)]
struct Message(String, Option<Box<dyn Error + 'static>>);

impl fmt::Display for Message {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl Error for Message {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.as_deref()
    }
}

/// Turns what is not an error by itself (`false`, `None`, `Err("text")`) into a [`TaskError`].
///
/// ```
/// use swarm_core::prelude::*;
///
/// fn check(page: &str) -> TaskResult {
///     page.contains("thank you").or_fail("no receipt")?;
///     let first = page.split(' ').next().or_fail("empty page")?;
///     first.parse::<u32>().map_err(|error| error.to_string()).or_fail("no number")?;
///     Ok(())
/// }
/// assert_eq!(check("thank you").unwrap_err().to_string(), "no number: invalid digit found in string");
/// ```
pub trait OrFail {
    /// What is there when it is well.
    type Value;

    /// The value, or an error with this message.
    ///
    /// # Errors
    ///
    /// When it is `false`, `None` or `Err`.
    fn or_fail(self, message: impl Into<String>) -> Result<Self::Value, TaskError>;
}

impl OrFail for bool {
    type Value = ();

    fn or_fail(self, message: impl Into<String>) -> TaskResult {
        if self { Ok(()) } else { Err(TaskError::new(message)) }
    }
}

impl<T> OrFail for Option<T> {
    type Value = T;

    fn or_fail(self, message: impl Into<String>) -> Result<T, TaskError> {
        self.ok_or_else(|| TaskError::new(message))
    }
}

impl<T, E: Into<Box<dyn Error>>> OrFail for Result<T, E> {
    type Value = T;

    fn or_fail(self, message: impl Into<String>) -> Result<T, TaskError> {
        self.map_err(|error| TaskError(Box::new(Message(message.into(), Some(error.into())))))
    }
}

/// Ends the user whose task or `on_start` returns it: nothing went wrong, it has done what it was there for.
///
/// It counts as no exception, by itself or as a source of another error. The user's `on_stop` runs, and no other user takes its place. When all
/// users of a run have ended so, the run ends.
///
/// ```
/// use swarm_core::prelude::*;
///
/// #[user]
/// struct Importer {
///     client: HttpClient,
///     pages: u32,
/// }
///
/// #[tasks]
/// impl Importer {
///     #[task]
///     async fn import_a_page(&mut self) -> TaskResult {
///         self.pages += 1;
///         self.client.post(path!("/import/{page}", page = self.pages)).await?;
///         if self.pages == 100 {
///             return Err(StopUser.into());
///         }
///         Ok(())
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StopUser;

impl fmt::Display for StopUser {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the user stops")
    }
}

impl Error for StopUser {}

/// Ends the run whose task or `on_start` returns it, in good order: running tasks may finish within the stop timeout.
///
/// It counts as no exception, by itself or as a source of another error. The result tells its class and the reason; the exit code is that of what was
/// measured until then.
///
/// ```
/// use swarm_core::prelude::*;
///
/// fn buy(stock: &mut u32) -> TaskResult {
///     *stock = stock.checked_sub(1).ok_or_else(|| StopTest::new("everything is sold"))?;
///     Ok(())
/// }
/// assert!(buy(&mut 1).is_ok());
/// assert_eq!(buy(&mut 0).unwrap_err().to_string(), "everything is sold");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StopTest(String);

impl StopTest {
    /// For this reason.
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }

    /// The reason.
    pub(crate) fn reason(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StopTest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl Error for StopTest {}

/// Why a user can't be built from its [`Context`](crate::context::Context).
#[derive(Debug)]
pub struct SetupError {
    message: String,
    stop: Option<StopUser>,
}

impl SetupError {
    /// An error with this message.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), stop: None }
    }

    /// The same error with its sources; for `map_err`, because an error type can't have `From` for all errors.
    pub fn from_error(error: impl Error) -> Self {
        Self::new(chain(&error))
    }

    /// Whether the user is to end, and not to try again.
    pub(crate) fn stops_user(&self) -> bool {
        self.stop.is_some()
    }
}

impl From<StopUser> for SetupError {
    /// A user that is not to be built: it ends, and counts as no exception.
    fn from(stop: StopUser) -> Self {
        Self { message: stop.to_string(), stop: Some(stop) }
    }
}

impl fmt::Display for SetupError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl Error for SetupError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.stop.as_ref().map(|stop| stop as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[test]
    fn an_error_in_full_has_each_source_on_its_own_line() {
        let refused = || io::Error::from(io::ErrorKind::ConnectionRefused);
        let nested = Err::<(), _>(refused()).or_fail("no database").expect_err("an error");
        for (error, line, full) in [
            (TaskError::new("alone"), "alone", "alone"),
            (
                nested,
                "no database: connection refused",
                "no database\ncaused by: connection refused",
            ),
            // It stands for its source.
            (io::Error::other(refused()).into(), "connection refused", "connection refused"),
        ] {
            assert_eq!(
                (error.to_string().as_str(), in_full(error.as_error()).as_str()),
                (line, full)
            );
        }
    }
}
