//! What goes wrong before a load test starts, told as cargo tells it.

use std::fmt;

/// What is wrong, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Error {
    message: String,
    help: Vec<String>,
    /// Whether cargo has told it already.
    told: bool,
}

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: Vec::new(), told: false }
    }

    /// Cargo failed, and its own message stands on standard error.
    pub(crate) fn cargo(what: &str) -> Self {
        Self { message: format!("cargo could not {what}"), help: Vec::new(), told: true }
    }

    /// Adds a line that says what to do.
    pub(crate) fn help(mut self, line: impl Into<String>) -> Self {
        self.help.push(line.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let label = if self.told { "swarm" } else { "error" };
        write!(out, "{label}: {}", self.message)?;
        self.help.iter().try_for_each(|line| write!(out, "\n  help: {line}"))
    }
}
