//! A text that could not be read: what is wrong, and where.

use std::error::Error;
use std::fmt;

/// Why a text is not what it should be; its own text shows where.
///
/// ```
/// let error = "100@2m, 5oo@5m".parse::<swarm_core::plan::Stages>().unwrap_err();
/// let lines: Vec<String> = error.to_string().lines().map(str::to_owned).collect();
/// assert_eq!(lines[1..], ["  100@2m, 5oo@5m", "           ^"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misread {
    text: String,
    /// In bytes.
    at: usize,
    why: String,
}

impl Misread {
    /// A mistake at this byte of the text, which begins a character or is its end.
    #[must_use]
    pub(crate) fn new(text: &str, at: usize, why: impl Into<String>) -> Self {
        Self { text: text.to_owned(), at, why: why.into() }
    }
}

impl fmt::Display for Misread {
    /// What is wrong, and in two more lines where.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A line break or a tab would put the caret elsewhere.
        let shown = self.text.replace(char::is_control, " ");
        let before = self.text.get(..self.at).unwrap_or(&self.text).chars().count();
        write!(out, "{}\n  {shown}\n  {:before$}^", self.why, "")
    }
}

impl Error for Misread {}
