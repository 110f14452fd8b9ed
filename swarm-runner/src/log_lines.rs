//! Lines that were logged, and the last of them, for who comes later.

use serde::Serialize;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use swarm_core::clock::Timestamp;
use tokio::sync::watch;

/// Lines that are kept.
const KEPT: usize = 1_000;

/// A line that was logged, without secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct LogLine {
    /// When.
    pub(crate) at: Timestamp,
    /// How grave it is.
    pub(crate) level: Level,
    /// Who logged it: a module, if nothing else was said.
    pub(crate) target: String,
    /// What it says.
    pub(crate) text: String,
}

/// How grave a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

impl From<log::Level> for Level {
    fn from(level: log::Level) -> Self {
        match level {
            log::Level::Error => Self::Error,
            log::Level::Warn => Self::Warn,
            log::Level::Info => Self::Info,
            log::Level::Debug => Self::Debug,
            log::Level::Trace => Self::Trace,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            Self::Error => "ERROR",
            Self::Warn => "WARN",
            Self::Info => "INFO",
            Self::Debug => "DEBUG",
            Self::Trace => "TRACE",
        })
    }
}

impl fmt::Display for LogLine {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, level, target, text } = self;
        write!(out, "[{at} {level:<5} {target}] {text}")
    }
}

/// The last lines, numbered from 0 since the program began.
#[derive(Debug)]
pub(crate) struct LogLines {
    last: Mutex<VecDeque<LogLine>>,
    /// How many there were.
    count: watch::Sender<u64>,
}

impl Default for LogLines {
    fn default() -> Self {
        Self { last: Mutex::default(), count: watch::Sender::new(0) }
    }
}

impl LogLines {
    /// Keeps a line; the oldest goes if there are too many.
    pub(crate) fn add(&self, line: LogLine) {
        let mut last = self.last();
        if last.len() == KEPT {
            last.pop_front();
        }
        last.push_back(line);
        self.count.send_modify(|count| *count += 1);
    }

    /// The lines from this number on that are still kept, and the number of the next.
    pub(crate) fn since(&self, number: u64) -> (Vec<LogLine>, u64) {
        let last = self.last();
        let count = *self.count.borrow();
        let new = usize::try_from(count - number.min(count)).unwrap_or(usize::MAX);
        let skipped = last.len().saturating_sub(new);
        (last.iter().skip(skipped).cloned().collect(), count)
    }

    /// How many there were, and a way to await more.
    pub(crate) fn count(&self) -> watch::Receiver<u64> {
        self.count.subscribe()
    }

    fn last(&self) -> MutexGuard<'_, VecDeque<LogLine>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_kept() {
        let lines = LogLines::default();
        let line = |number: u64| LogLine {
            at: Timestamp::now(),
            level: Level::Info,
            target: "shop".to_owned(),
            text: number.to_string(),
        };
        let texts = |since| {
            let (lines, next) = lines.since(since);
            (lines.into_iter().map(|line| line.text).collect::<Vec<_>>(), next)
        };
        assert_eq!(texts(0), (Vec::new(), 0));
        (0..3).for_each(|number| lines.add(line(number)));
        assert_eq!(texts(1), (vec!["1".to_owned(), "2".to_owned()], 3));
        (3..1_500).for_each(|number| lines.add(line(number)));
        let (all, next) = texts(0);
        assert_eq!((all.len(), all[0].as_str(), next), (1_000, "500", 1_500));
        assert_eq!(texts(1_499), (vec!["1499".to_owned()], 1_500));
        assert_eq!(texts(1_500), (Vec::new(), 1_500));
        assert!(line(7).to_string().ends_with(" INFO  shop] 7"), "{}", line(7));
    }
}
