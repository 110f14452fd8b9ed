//! What is recorded: one request, one run of a task, one attempt on the wire.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What sort of request it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A request of a task.
    Http,
    /// What a [`Probe`](crate::probe::Probe) measured as a request.
    Probe,
    /// A request of a login; left out of the totals, if not asked for.
    Auth,
    /// What a [`Probe`](crate::probe::Probe) measured as a step, which has requests of its own; left out of the totals.
    Step,
}

impl Kind {
    /// Whether it is a request of a task, which totals always have.
    #[must_use]
    pub fn is_in_totals(self) -> bool {
        match self {
            Self::Http | Self::Probe => true,
            Self::Auth | Self::Step => false,
        }
    }

    /// Whether totals have it, given whether they have logins too.
    pub(crate) fn is_counted(self, with_logins: bool) -> bool {
        self.is_in_totals() || (with_logins && self == Self::Auth)
    }
}

/// One request, with all its redirects and retries.
#[derive(Debug, Clone, Copy)]
pub struct Sample<'a> {
    /// What sort of request.
    pub kind: Kind,
    /// `GET`, `POST`, …; the word that a probe was given.
    pub method: &'a str,
    /// What it is reported as.
    pub name: &'a str,
    /// From the start until the whole answer was read.
    pub response_time: Duration,
    /// The same from when the request was due, where it had a due time.
    pub from_schedule: Option<Duration>,
    /// Where the time went.
    pub phases: Phases,
    /// Size of the answer's body.
    pub bytes: u64,
    /// HTTP status of the answer, if there was one.
    pub status: Option<u16>,
    /// How it ended.
    pub result: SampleResult<'a>,
}

/// Where the time of a request went, as far as it needed that; sums, where it was redirected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Phases {
    /// Asking DNS.
    pub dns: Option<Duration>,
    /// Connecting by TCP.
    pub connect: Option<Duration>,
    /// Shaking hands by TLS.
    pub tls: Option<Duration>,
    /// From sending to the head of the answer.
    pub first_byte: Option<Duration>,
    /// From the head of the answer to the end of its body, where that did not come at once.
    pub body: Option<Duration>,
    /// Whether a connection was used that was there already.
    pub reused: bool,
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleResult<'a> {
    /// Well.
    Ok,
    /// Badly, with the cause that failures are grouped by.
    Failed(&'a str),
    /// It was cut off, by the end of the run or by user code that dropped it.
    Interrupted,
}

/// One run of a task.
#[derive(Debug, Clone, Copy)]
pub struct TaskRun<'a> {
    /// Name of the class.
    pub class: &'a str,
    /// Name of the task.
    pub task: &'a str,
    /// From its real start, without declared waits.
    pub duration: Duration,
    /// From when it was due, where it had a due time.
    pub from_schedule: Option<Duration>,
    /// How late it started, where it had a due time.
    pub start_delay: Option<Duration>,
    /// Whether it ended in an error or a panic.
    pub failed: bool,
}

/// What became of one attempt to send a request and read its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// The head of an answer came.
    Answered,
    /// Nothing was sent.
    NotSent,
    /// A part was sent, and no answer came.
    PartlySent,
    /// The whole was sent, and no answer came.
    SentUnanswered,
}
