//! What is new since the last time: the figures that travel from a shard to the ledger.

use super::distribution::Distribution;
use super::example::Examples;
use super::keys::{Cause, Group, RequestKey, TaskKey};
use super::metrics::{Counter, Gauge, Metrics, Trend};
use super::sample::{Attempt, Phases, Sample, SampleResult, TaskRun};
use super::scarce::Scarce;
use crate::clock::Timestamp;
use indexmap::map::serde_seq;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::hash::Hash;
use std::time::Duration;

/// Figures, of a second or of a whole run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Delta {
    /// Requests.
    #[serde(with = "serde_seq")]
    pub requests: Group<RequestKey, RequestCounts>,
    /// Runs of tasks.
    #[serde(with = "serde_seq")]
    pub tasks: Group<TaskKey, TaskCounts>,
    /// Failed requests: (method, name, cause).
    #[serde(with = "serde_seq")]
    pub failures: Group<Cause, Occurrences>,
    /// Errors of tasks and panics: (class, task, message).
    #[serde(with = "serde_seq")]
    pub exceptions: Group<Cause, Occurrences>,
    /// Attempts on the wire.
    pub wire: Wire,
    /// Connections that could not be made for lack of something.
    pub scarce: Scarce,
    /// Requests that are kept whole.
    pub examples: Examples,
    /// Figures of the user's own.
    pub metrics: Metrics,
    /// Iterations that arrived while no user was free.
    pub dropped: u64,
}

/// The figures of one entry of requests.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RequestCounts {
    /// Response times of those that succeeded.
    pub ok: Distribution,
    /// Response times of those that failed.
    pub failed: Distribution,
    /// Ages of those that were cut off, from when they were due if they had a due time.
    pub interrupted: Distribution,
    /// Those that succeeded, from when they were due, or from their start if they had no due time; empty if none had one.
    pub from_schedule: Distribution,
    /// The same of those that failed.
    pub failed_from_schedule: Distribution,
    /// Where the time went.
    pub phases: PhaseCounts,
    /// Bytes of answers.
    pub bytes: u64,
    /// Answers by HTTP status, sorted.
    pub status: Vec<(u16, u64)>,
    /// Those of `ok` and `failed` that ended after users were told to stop; rates leave them out.
    pub drained: u64,
}

impl RequestCounts {
    pub(super) fn record(&mut self, sample: &Sample<'_>, measuring: bool) {
        let (times, scheduled) = match sample.result {
            SampleResult::Ok => (&mut self.ok, &mut self.from_schedule),
            SampleResult::Failed(_) => (&mut self.failed, &mut self.failed_from_schedule),
            SampleResult::Interrupted => {
                let age = sample.from_schedule.unwrap_or(sample.response_time);
                return self.interrupted.record(age);
            }
        };
        record(times, scheduled, sample.response_time, sample.from_schedule);
        self.phases.record(&sample.phases);
        self.bytes += sample.bytes;
        self.drained += u64::from(!measuring);
        if let Some(status) = sample.status {
            self.add_status(status, 1);
        }
    }

    fn add_status(&mut self, status: u16, count: u64) {
        match self.status.binary_search_by_key(&status, |(known, _)| *known) {
            Ok(at) => self.status[at].1 += count,
            Err(at) => self.status.insert(at, (status, count)),
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        let (times, scheduled) = (&mut self.ok, &mut self.from_schedule);
        merge(times, scheduled, &other.ok, &other.from_schedule);
        let (times, scheduled) = (&mut self.failed, &mut self.failed_from_schedule);
        merge(times, scheduled, &other.failed, &other.failed_from_schedule);
        self.interrupted.merge(&other.interrupted);
        self.phases.merge(&other.phases);
        self.bytes += other.bytes;
        self.drained += other.drained;
        for (status, count) in &other.status {
            self.add_status(*status, *count);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ok.is_empty() && self.failed.is_empty() && self.interrupted.is_empty()
    }

    /// Response times of all that ended, well or badly.
    pub(super) fn ended(&self) -> Cow<'_, Distribution> {
        if self.failed.is_empty() {
            return Cow::Borrowed(&self.ok);
        }
        let mut ended = self.ok.clone();
        ended.merge(&self.failed);
        Cow::Owned(ended)
    }

    pub(super) fn drain(&mut self) -> Self {
        Self {
            ok: self.ok.drain(),
            failed: self.failed.drain(),
            interrupted: self.interrupted.drain(),
            from_schedule: self.from_schedule.drain(),
            failed_from_schedule: self.failed_from_schedule.drain(),
            phases: self.phases.drain(),
            bytes: std::mem::take(&mut self.bytes),
            status: std::mem::take(&mut self.status),
            drained: std::mem::take(&mut self.drained),
        }
    }
}

/// Where the time of requests went.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PhaseCounts {
    /// Asking DNS.
    pub dns: Distribution,
    /// Connecting by TCP.
    pub connect: Distribution,
    /// Shaking hands by TLS.
    pub tls: Distribution,
    /// From sending to the head of the answer.
    pub first_byte: Distribution,
    /// Reading bodies that did not come at once.
    pub body: Distribution,
    /// Requests that used a connection that was there already.
    pub reused: u64,
}

impl PhaseCounts {
    fn record(&mut self, phases: &Phases) {
        let Self { dns, connect, tls, first_byte, body, reused } = self;
        let times = [
            (dns, phases.dns),
            (connect, phases.connect),
            (tls, phases.tls),
            (first_byte, phases.first_byte),
            (body, phases.body),
        ];
        for (distribution, time) in times {
            if let Some(time) = time {
                distribution.record(time);
            }
        }
        *reused += u64::from(phases.reused);
    }

    fn merge(&mut self, other: &Self) {
        self.dns.merge(&other.dns);
        self.connect.merge(&other.connect);
        self.tls.merge(&other.tls);
        self.first_byte.merge(&other.first_byte);
        self.body.merge(&other.body);
        self.reused += other.reused;
    }

    fn drain(&mut self) -> Self {
        Self {
            dns: self.dns.drain(),
            connect: self.connect.drain(),
            tls: self.tls.drain(),
            first_byte: self.first_byte.drain(),
            body: self.body.drain(),
            reused: std::mem::take(&mut self.reused),
        }
    }
}

/// The figures of one task.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TaskCounts {
    /// Runs that were due and had not started at the end.
    pub missed: u64,
    /// Runs that ended well, from the real start, without declared waits.
    pub duration: Distribution,
    /// The same of those that ended in an error or a panic.
    pub failed: Distribution,
    /// Runs that ended well, from when they were due, or from their start if they had no due time; empty if none had one.
    pub from_schedule: Distribution,
    /// The same of those that ended in an error or a panic.
    pub failed_from_schedule: Distribution,
    /// How late it started.
    pub start_delay: Distribution,
    /// Runs that ended after users were told to stop; rates leave them out.
    pub drained: u64,
}

impl TaskCounts {
    pub(super) fn record(&mut self, run: &TaskRun<'_>, measuring: bool) {
        let (times, scheduled) = match run.failed {
            false => (&mut self.duration, &mut self.from_schedule),
            true => (&mut self.failed, &mut self.failed_from_schedule),
        };
        record(times, scheduled, run.duration, run.from_schedule);
        if let Some(start_delay) = run.start_delay {
            self.start_delay.record(start_delay);
        }
        self.drained += u64::from(!measuring);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.missed += other.missed;
        self.drained += other.drained;
        let (times, scheduled) = (&mut self.duration, &mut self.from_schedule);
        merge(times, scheduled, &other.duration, &other.from_schedule);
        let (times, scheduled) = (&mut self.failed, &mut self.failed_from_schedule);
        merge(times, scheduled, &other.failed, &other.failed_from_schedule);
        self.start_delay.merge(&other.start_delay);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.duration.is_empty() && self.failed.is_empty() && self.missed == 0
    }

    pub(super) fn drain(&mut self) -> Self {
        Self {
            missed: std::mem::take(&mut self.missed),
            duration: self.duration.drain(),
            failed: self.failed.drain(),
            from_schedule: self.from_schedule.drain(),
            failed_from_schedule: self.failed_from_schedule.drain(),
            start_delay: self.start_delay.drain(),
            drained: std::mem::take(&mut self.drained),
        }
    }
}

/// Counts a time, and the same as seen from the schedule as soon as anything had a due time.
fn record(
    times: &mut Distribution,
    scheduled: &mut Distribution,
    time: Duration,
    from_schedule: Option<Duration>,
) {
    if from_schedule.is_some() || !scheduled.is_empty() {
        if scheduled.is_empty() {
            scheduled.merge(times);
        }
        scheduled.record(from_schedule.unwrap_or(time));
    }
    times.record(time);
}

/// Adds times, and the same as seen from the schedule if anything had a due time on either side.
fn merge(
    times: &mut Distribution,
    scheduled: &mut Distribution,
    other_times: &Distribution,
    other_scheduled: &Distribution,
) {
    if !scheduled.is_empty() || !other_scheduled.is_empty() {
        if scheduled.is_empty() {
            scheduled.merge(times);
        }
        scheduled.merge(judged(other_times, other_scheduled));
    }
    times.merge(other_times);
}

/// Times as they are judged: as seen from the schedule, if there was one.
pub(crate) fn judged<'a>(times: &'a Distribution, scheduled: &'a Distribution) -> &'a Distribution {
    if scheduled.is_empty() { times } else { scheduled }
}

/// How often something happened, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occurrences {
    /// How often.
    pub count: u64,
    /// The first time.
    pub first_seen: Timestamp,
    /// The last time.
    pub last_seen: Timestamp,
}

impl Occurrences {
    pub(super) fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.first_seen = self.first_seen.min(other.first_seen);
        self.last_seen = self.last_seen.max(other.last_seen);
    }
}

/// What became of every attempt on the wire: redirects, retries and logins too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Wire {
    /// The head of an answer came.
    pub answered: u64,
    /// Nothing was sent.
    pub not_sent: u64,
    /// A part was sent, and no answer came.
    pub partly_sent: u64,
    /// The whole was sent, and no answer came.
    pub sent_unanswered: u64,
    /// Attempts that repeat an earlier one, whose idle connection the server had closed.
    pub retries: u64,
}

impl Wire {
    pub(super) fn record(&mut self, attempt: Attempt) {
        match attempt {
            Attempt::Answered => self.answered += 1,
            Attempt::NotSent => self.not_sent += 1,
            Attempt::PartlySent => self.partly_sent += 1,
            Attempt::SentUnanswered => self.sent_unanswered += 1,
        }
    }

    fn merge(&mut self, other: Self) {
        self.answered += other.answered;
        self.not_sent += other.not_sent;
        self.partly_sent += other.partly_sent;
        self.sent_unanswered += other.sent_unanswered;
        self.retries += other.retries;
    }
}

impl Delta {
    /// Adds another one. In whatever order and grouping deltas are added, the sum is the same.
    pub fn merge(&mut self, other: &Self) {
        add(&mut self.requests, &other.requests, RequestCounts::merge);
        add(&mut self.tasks, &other.tasks, TaskCounts::merge);
        add(&mut self.failures, &other.failures, Occurrences::merge);
        add(&mut self.exceptions, &other.exceptions, Occurrences::merge);
        self.wire.merge(other.wire);
        self.scarce.merge(other.scarce);
        self.examples.merge(&other.examples);
        self.dropped += other.dropped;
        add(&mut self.metrics.counters, &other.metrics.counters, Counter::merge);
        add(&mut self.metrics.gauges, &other.metrics.gauges, Gauge::merge);
        add(&mut self.metrics.trends, &other.metrics.trends, Trend::merge);
    }
}

fn add<K: Hash + Eq + Clone, V: Clone>(
    to: &mut Group<K, V>,
    from: &Group<K, V>,
    merge: fn(&mut V, &V),
) {
    for (key, value) in from {
        match to.get_mut(key) {
            Some(known) => merge(known, value),
            None => drop(to.insert(key.clone(), value.clone())),
        }
    }
}
