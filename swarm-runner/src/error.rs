//! What keeps a load test from starting.

use std::{fmt, io};

/// Wrong usage or configuration, in the user's words: what is wrong, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UsageError {
    pub(crate) message: String,
    pub(crate) help: Vec<String>,
}

impl UsageError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: Vec::new() }
    }

    /// What the operating system refuses: a thread, a signal.
    #[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
    pub(crate) fn cant_start(error: io::Error) -> Self {
        Self::new(format!("can't start: {error}"))
    }

    /// Adds a line that says what to do.
    pub(crate) fn help(mut self, line: impl Into<String>) -> Self {
        self.help.push(line.into());
        self
    }

    /// Adds "did you mean …?", if a known name is near.
    pub(crate) fn nearest<'a>(
        self,
        written: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let near = known
            .into_iter()
            .map(|name| (strsim::jaro_winkler(&written.to_lowercase(), &name.to_lowercase()), name))
            .filter(|(likeness, _)| *likeness > 0.7)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        match near {
            Some((_, name)) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }
}

impl fmt::Display for UsageError {
    /// As cargo tells errors.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "error: {}", self.message)?;
        self.help.iter().try_for_each(|line| write!(out, "\n  help: {line}"))
    }
}

impl std::error::Error for UsageError {}
