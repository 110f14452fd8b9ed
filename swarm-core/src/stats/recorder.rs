//! Recording, on the path of every request.

use super::delta::{Delta, Occurrences};
use super::example::{Example, ExceptionExample, MOST_SLOW};
use super::keys::{Cause, CauseRef, Group, OTHER, RequestKey, RequestRef, TaskKey, TaskRef};
use super::sample::{Attempt, Kind, Sample, SampleResult, TaskRun};
use super::scarce::Scarce;
use crate::clock::Timestamp;
use crate::secrets::Secrets;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

/// Most distinct names of requests, if no other number is wanted; all others are counted under [`OTHER`].
pub(super) const MOST_NAMES: usize = 5_000;
/// Most distinct failures, and most distinct exceptions.
pub(super) const MOST_CAUSES: usize = 500;
/// Most distinct counters, most distinct gauges, and most distinct trends.
pub(super) const MOST_METRICS: usize = 500;
/// Longest message, in bytes.
const LONGEST_MESSAGE: usize = 500;
/// Longest text of an exception that is kept in full, in bytes.
const LONGEST_TEXT: usize = 4_000;

/// Counts what happens on one shard. It belongs to that shard's thread: no lock, no atomic, and no allocation for a name that is known.
///
/// ```
/// use std::time::Duration;
/// use swarm_core::stats::{Kind, Phases, Recorder, Sample, SampleResult};
///
/// let mut recorder = Recorder::default();
/// recorder.record(&Sample {
///     kind: Kind::Http,
///     method: "GET",
///     name: "/",
///     response_time: Duration::from_millis(5),
///     from_schedule: None,
///     phases: Phases::default(),
///     bytes: 13,
///     status: Some(200),
///     result: SampleResult::Ok,
/// });
/// assert_eq!(recorder.drain().requests.len(), 1);
/// assert!(recorder.drain().requests.is_empty());
/// ```
#[derive(Debug)]
pub struct Recorder {
    /// What was counted since the last time; entries stay when they are empty, so that names are allocated once.
    delta: Delta,
    names: usize,
    measuring: bool,
    /// Response times of the slowest requests so far, the quickest of them first.
    slowest: Vec<Duration>,
    secrets: Secrets,
}

impl Default for Recorder {
    fn default() -> Self {
        Self::with_limit(MOST_NAMES)
    }
}

impl Recorder {
    /// A recorder that tells this many names of requests apart.
    #[must_use]
    pub fn with_limit(names: usize) -> Self {
        Self {
            delta: Delta::default(),
            names,
            measuring: true,
            slowest: Vec::new(),
            secrets: Secrets::default(),
        }
    }

    /// Takes these values out of names and messages.
    ///
    /// That costs nothing where a name is known: it was looked at when it was new.
    #[must_use]
    pub fn redacting(mut self, secrets: Secrets) -> Self {
        self.secrets = secrets;
        self
    }

    /// Users were told to stop: what ends from now on is counted, but not in rates.
    pub fn stop_measuring(&mut self) {
        self.measuring = false;
    }

    /// Counts a request. Returns whether it is one to [keep](Self::keep): the first of its cause since the last time, or one of the slowest of all.
    pub fn record(&mut self, sample: &Sample<'_>) -> bool {
        let key = RequestRef { kind: sample.kind, method: sample.method, name: sample.name };
        match self.delta.requests.get_mut(&key) {
            Some(counts) => counts.record(sample, self.measuring),
            None => self.record_new(sample),
        }
        if sample.kind == Kind::Step {
            // Why it failed is told by a request in it, or as an exception of the task.
            return false;
        }
        let first = match sample.result {
            SampleResult::Ok => false,
            SampleResult::Failed(cause) => {
                seen(&mut self.delta.failures, [sample.method, sample.name, cause], &self.secrets)
            }
            SampleResult::Interrupted => return false,
        };
        // A full list is rarely changed, so this is one comparison for most requests.
        let slow = self.slowest.len() < MOST_SLOW
            || self.slowest.first().is_some_and(|least| sample.response_time > *least);
        if slow {
            self.note_slow(sample.response_time);
        }
        first || slow
    }

    #[cold]
    fn note_slow(&mut self, time: Duration) {
        let at = self.slowest.partition_point(|known| *known < time);
        self.slowest.insert(at, time);
        if self.slowest.len() > MOST_SLOW {
            self.slowest.remove(0);
        }
    }

    /// Keeps a request that was just counted, without secrets, and of its texts the beginnings.
    pub fn keep(&mut self, mut example: Example) {
        example.name = self.secrets.redact(&example.name).into_owned();
        for text in [Some(&mut example.url), example.error.as_mut(), example.body.as_mut()] {
            // Before it is cut, which may leave half a secret.
            let Some(text) = text else { continue };
            *text = cut(&self.secrets.redact(text)).to_owned();
        }
        if let Some(error) = &example.error {
            let cause = CauseRef([&example.method, &example.name, cut(error)]);
            let known = self.delta.failures.get_key_value(&cause).map(|(known, _)| known.clone());
            let cause = known.unwrap_or_else(|| [OTHER; 3].map(Into::into));
            self.delta.examples.keep_failed(&cause, &example);
        }
        self.delta.examples.keep_slow(example);
    }

    /// Counts a request whose name is new, or is known without the secret in it.
    #[cold]
    fn record_new(&mut self, sample: &Sample<'_>) {
        let name = self.secrets.redact(sample.name);
        let key = RequestRef { kind: sample.kind, method: sample.method, name: &name };
        let known = self.delta.requests.contains_key(&key);
        let full = self.delta.requests.len() >= self.names;
        let name = if full && !known { OTHER } else { &name };
        let key = RequestKey { kind: sample.kind, method: sample.method.into(), name: name.into() };
        self.delta.requests.entry(key).or_default().record(sample, self.measuring);
    }

    /// Counts a run of a task.
    pub fn record_task(&mut self, run: &TaskRun<'_>) {
        let key = TaskRef { class: run.class, task: run.task };
        match self.delta.tasks.get_mut(&key) {
            Some(counts) => counts.record(run, self.measuring),
            None => self.delta.tasks.entry(key.own()).or_default().record(run, self.measuring),
        }
    }

    /// Counts runs of a task that were due and did not start.
    pub fn missed(&mut self, class: &str, task: &str, runs: u64) {
        let key: TaskKey = TaskRef { class, task }.own();
        self.delta.tasks.entry(key).or_default().missed += runs;
    }

    /// Counts an iteration that arrived while no user was free.
    pub fn dropped(&mut self) {
        self.delta.dropped += 1;
    }

    /// Counts an error or a panic of a task. Returns whether it is one to [keep](Self::keep_exception): the first of its cause since the last time.
    pub fn exception(&mut self, class: &str, task: &str, message: &str) -> bool {
        seen(&mut self.delta.exceptions, [class, task, message], &self.secrets)
    }

    /// Keeps an exception that was just counted, without secrets, and of its text the beginning.
    pub fn keep_exception(
        &mut self,
        [class, task, message]: [&str; 3],
        mut example: ExceptionExample,
    ) {
        let (task, message) = (self.secrets.redact(task), self.secrets.redact(message));
        let cause = CauseRef([class, &*task, cut(&message)]);
        let known = self.delta.exceptions.get_key_value(&cause).map(|(known, _)| known.clone());
        let text = self.secrets.redact(&example.text);
        example.text = text[..text.floor_char_boundary(LONGEST_TEXT)].to_owned();
        let cause = known.unwrap_or_else(|| [OTHER; 3].map(Into::into));
        self.delta.examples.keep_exception(&cause, &example);
    }

    /// Adds to a counter.
    pub fn count(&mut self, name: &str, number: u64) {
        let measuring = self.measuring;
        named(&mut self.delta.metrics.counters, name, &self.secrets).record(number, measuring);
    }

    /// Sets a gauge, at this time since the start of the run; what is not finite is left out.
    pub fn gauge(&mut self, name: &str, value: f64, at: Duration) {
        if value.is_finite() {
            named(&mut self.delta.metrics.gauges, name, &self.secrets).record(value, at);
        }
    }

    /// Adds a value to a trend; what is not finite is left out.
    pub fn trend(&mut self, name: &str, value: f64) {
        if value.is_finite() {
            named(&mut self.delta.metrics.trends, name, &self.secrets).record(value);
        }
    }

    /// Counts a connection that could not be made, if that was for lack of something.
    pub fn not_connected(&mut self, why: &(dyn Error + 'static)) {
        self.delta.scarce.merge(Scarce::by(why));
    }

    /// Counts an attempt on the wire.
    pub fn attempt(&mut self, attempt: Attempt) {
        self.delta.wire.record(attempt);
    }

    /// Counts that an attempt is repeated.
    pub fn retry(&mut self) {
        self.delta.wire.retries += 1;
    }

    /// Forgets what was counted.
    pub fn reset(&mut self) {
        drop(self.drain());
        self.slowest.clear();
    }

    /// Takes out what was counted since the last time.
    #[must_use]
    pub fn drain(&mut self) -> Delta {
        let mut drained = Delta {
            failures: std::mem::take(&mut self.delta.failures),
            exceptions: std::mem::take(&mut self.delta.exceptions),
            wire: std::mem::take(&mut self.delta.wire),
            scarce: std::mem::take(&mut self.delta.scarce),
            examples: std::mem::take(&mut self.delta.examples),
            metrics: std::mem::take(&mut self.delta.metrics),
            dropped: std::mem::take(&mut self.delta.dropped),
            ..Delta::default()
        };
        for (key, counts) in self.delta.requests.iter_mut().filter(|(_, new)| !new.is_empty()) {
            drained.requests.insert(key.clone(), counts.drain());
        }
        for (key, counts) in self.delta.tasks.iter_mut().filter(|(_, new)| !new.is_empty()) {
            drained.tasks.insert(key.clone(), counts.drain());
        }
        drained
    }
}

/// The figures of this name, new ones if there are none.
fn named<'a, V: Default>(
    group: &'a mut Group<Arc<str>, V>,
    name: &str,
    secrets: &Secrets,
) -> &'a mut V {
    let at = group.get_index_of(name).unwrap_or_else(|| {
        let name = secrets.redact(name);
        let name = cut(&name);
        let full = group.len() >= MOST_METRICS && !group.contains_key(name);
        let entry = group.entry(if full { OTHER } else { name }.into());
        let at = entry.index();
        entry.or_default();
        at
    });
    &mut group[at]
}

/// Counts an occurrence. Returns whether it is the first of its cause.
fn seen(group: &mut Group<Cause, Occurrences>, cause: [&str; 3], secrets: &Secrets) -> bool {
    let now = Timestamp::now();
    let [place, name, message] = cause;
    if let Some(known) = group.get_mut(&CauseRef([place, name, cut(message)])) {
        known.count += 1;
        known.last_seen = now;
        return false;
    }
    // Before the message is cut, which may leave half a secret.
    let (name, message) = (secrets.redact(name), secrets.redact(message));
    let cause = [place, &*name, cut(&message)];
    let full = group.len() >= MOST_CAUSES && !group.contains_key(&CauseRef(cause));
    let cause = if full { [OTHER; 3] } else { cause };
    let new = Occurrences { count: 0, first_seen: now, last_seen: now };
    let entry = group.entry(cause.map(Into::into)).or_insert(new);
    entry.count += 1;
    entry.last_seen = now;
    entry.count == 1
}

/// The beginning of a long message.
fn cut(message: &str) -> &str {
    &message[..message.floor_char_boundary(LONGEST_MESSAGE)]
}
