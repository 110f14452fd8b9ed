//! What can be seen of a user, as values.

use crate::stats::{Kind, Phases};
use std::fmt;
use std::time::Duration;

/// Something that a user did, or that happened to it.
#[derive(Debug, Clone, PartialEq)]
pub enum Moment {
    /// This begins: `on_start`, a task, `on_stop`.
    Begins(String),
    /// A request came to its end.
    Sample(Recorded),
    /// An error or a panic that is no failed request.
    Exception(Exception),
    /// A task came to its end.
    TaskEnds(TaskEnd),
}

/// A request as it is [recorded](crate::stats::Sample), and what went over the wire for it.
///
/// Secrets of settings, and what was sent to prove who sends it, are replaced by `***`.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// What sort of request.
    pub kind: Kind,
    /// `GET`, `POST`, …; the word that a probe was given.
    pub method: String,
    /// What it is reported as.
    pub name: String,
    /// From the start until the whole answer was read.
    pub response_time: Duration,
    /// Where the time went.
    pub phases: Phases,
    /// Size of the answer's body.
    pub bytes: u64,
    /// HTTP status of the answer, if there was one.
    pub status: Option<u16>,
    /// Why it failed, if it did.
    pub error: Option<String>,
    /// Whether it was cut off: by the end, or by user code that dropped it.
    pub interrupted: bool,
    /// What went over the wire, in order: one exchange, and one more for each redirect and for each repetition with another credential. None where nothing
    /// could be sent, and for what a [`Probe`](crate::probe::Probe) measured.
    pub exchanges: Vec<Exchange>,
}

/// One request on the wire and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// `GET`, `POST`, …
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// Headers, as far as they are known before the connection adds its own.
    pub headers: Vec<(String, String)>,
    /// What was sent.
    pub body: Body,
    /// The answer, if there was one.
    pub answer: Option<Answer>,
}

/// An answer on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Its headers.
    pub headers: Vec<(String, String)>,
    /// Its body, unpacked.
    pub body: Body,
}

/// A body, as far as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// There is none.
    Empty,
    /// A text.
    Text {
        /// How it begins: 16 KiB at most.
        begins: String,
        /// Its size in bytes.
        size: u64,
    },
    /// No text.
    Binary {
        /// Its size in bytes.
        size: u64,
    },
    /// That of a login, which is never shown.
    Secret,
    /// It was not kept: a stream that was sent, an answer that was not read to its end.
    Unseen,
}

/// An error or a panic that is no failed request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// Where it came from: a task, or `setup`, `on_start`, `on_stop`, or a listener.
    pub task: String,
    /// What it says.
    pub message: String,
}

/// How a task ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskEnd {
    /// Its name.
    pub name: String,
    /// How long it took, without declared waits.
    pub duration: Duration,
    /// Whether it ended in an error or a panic.
    pub failed: bool,
}

impl fmt::Display for Recorded {
    /// `GET /item/{id}: 200 in 1.24 ms`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.method, self.name)?;
        if self.kind == Kind::Auth {
            out.write_str(" (auth)")?;
        }
        match (&self.error, self.status) {
            (Some(error), _) => write!(out, ": {error}")?,
            (None, _) if self.interrupted => out.write_str(": interrupted")?,
            (None, Some(status)) => write!(out, ": {status}")?,
            (None, None) => out.write_str(": ok")?,
        }
        write!(out, " in {:.2} ms", self.response_time.as_secs_f64() * 1_000.0)
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.task, self.message)
    }
}
