//! What a user did.

use crate::judge::{Ending, Evidence, Outcome, Tally};
use crate::stats::{Kind, MetricEntry};
use crate::watch::{Exception, Moment, Recorded, TaskEnd};

/// What one user did.
#[derive(Debug, Clone, PartialEq)]
pub struct Tried {
    /// Name of its class.
    pub class: &'static str,
    /// Its requests, in the order in which they ended: those of logins and what a [`Probe`](crate::probe::Probe) measured too.
    pub samples: Vec<Recorded>,
    /// Errors and panics that are no failed requests.
    pub exceptions: Vec<Exception>,
    /// The tasks that ran to their end, well or badly.
    pub tasks: Vec<TaskEnd>,
    /// Figures of its own: counters, gauges and trends.
    pub metrics: Vec<MetricEntry>,
    /// Why it ended.
    pub ending: Ending,
}

impl Tried {
    /// Nothing yet.
    pub(super) fn new(class: &'static str) -> Self {
        let (samples, exceptions, tasks) = (Vec::new(), Vec::new(), Vec::new());
        Self { class, samples, exceptions, tasks, metrics: Vec::new(), ending: Ending::TimeUp }
    }

    pub(super) fn add(&mut self, moment: Moment) {
        match moment {
            Moment::Begins(_) => {}
            Moment::Sample(sample) => self.samples.push(sample),
            Moment::Exception(exception) => self.exceptions.push(exception),
            Moment::TaskEnds(task) => self.tasks.push(task),
        }
    }

    /// What was requested, in order: `GET /item/{id}`.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.samples.iter().map(|sample| format!("{} {}", sample.method, sample.name)).collect()
    }

    /// All that went wrong, a line for each.
    #[must_use]
    pub fn failures(&self) -> Vec<String> {
        let could_not_start = match &self.ending {
            Ending::CouldNotStart { why, .. } => Some(format!("could not start: {why}")),
            Ending::TimeUp => Some("cut off: the time limit was over".to_owned()),
            _ => None,
        };
        let failed = self.samples.iter().filter(|sample| sample.error.is_some());
        let failed = failed.map(ToString::to_string);
        let exceptions = self.exceptions.iter().map(ToString::to_string);
        could_not_start.into_iter().chain(failed).chain(exceptions).collect()
    }

    /// Fails the test if anything went wrong.
    ///
    /// # Panics
    ///
    /// With the [failures](Self::failures), if there are any.
    #[track_caller]
    #[expect(clippy::panic, reason = "a test fails by panicking")]
    pub fn expect_success(&self) {
        let failures = self.failures();
        if !failures.is_empty() {
            panic!("{} did not succeed:\n  {}", self.class, failures.join("\n  "));
        }
    }

    /// The exit code of a run in which just this happened, with its reasons; `exit_code_on_error` is that for failures.
    #[must_use]
    pub fn outcome(&self, exit_code_on_error: u8) -> Outcome {
        Outcome::of(&Evidence {
            requests: self.tally(Kind::is_in_totals),
            logins: self.tally(|kind| kind == Kind::Auth),
            exceptions: self.exceptions.len() as u64,
            exit_code_on_error,
            ..Evidence::new(self.ending.clone())
        })
    }

    fn tally(&self, is_one: fn(Kind) -> bool) -> Tally {
        let mut tally = Tally::default();
        for sample in self.samples.iter().filter(|sample| is_one(sample.kind)) {
            let ended = u64::from(!sample.interrupted);
            tally.ended += ended;
            tally.interrupted += 1 - ended;
            tally.failed += u64::from(sample.error.is_some());
        }
        tally
    }
}
