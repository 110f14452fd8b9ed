//! How a run went on: its points, those of its entries, its marks, and what was observed of the target.

use super::marks::Marks;
use crate::clock::Timestamp;
use crate::engine::deadline::reached;
use crate::engine::handle::{Command, Ends, Observation, Order, Snapshot, Stop};
use crate::engine::seconds::Second;
use crate::plan::RunSpec;
use crate::secrets::Secrets;
use crate::stats::{EntryTimelines, Observed, ObservedValues, Presence, Timeline};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How long the last that was observed is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// The history of a run.
pub(crate) struct History {
    pub(crate) timeline: Timeline,
    pub(crate) entries: EntryTimelines,
    pub(crate) marks: Marks,
    pub(crate) observed: Observed,
    pub(crate) started_at: Timestamp,
    /// Taken out of texts that come from elsewhere.
    secrets: Secrets,
    /// Whether somebody observes, and has not said the last.
    is_observed: bool,
}

impl History {
    /// That of a run that begins now.
    pub(crate) fn new(spec: &RunSpec, warmup: Duration, secrets: Secrets) -> Self {
        Self {
            timeline: Timeline::with_logins(spec.count_logins),
            entries: EntryTimelines::with_limit(spec.max_names as usize),
            marks: Marks::new(spec, warmup),
            observed: Observed::default(),
            started_at: Timestamp::now(),
            secrets,
            is_observed: false,
        }
    }

    /// Adds a second, which was so long. Returns its p95 in milliseconds.
    pub(crate) fn push(
        &mut self,
        second: &Second,
        presence: Presence,
        span: Duration,
    ) -> Option<f64> {
        self.entries.push(second.number, &second.delta, span);
        self.timeline.push(second.number, presence, &second.delta, span)
    }

    /// Forgets everything but what is still to come.
    pub(crate) fn reset(&mut self, now: Duration) {
        self.timeline.reset();
        self.entries.reset();
        self.observed.reset(now.as_secs_f64());
        self.marks.reset(now);
    }

    /// Somebody sets a mark.
    ///
    /// # Errors
    ///
    /// Why there can be none.
    pub(crate) fn note(&mut self, now: Duration, text: &str) -> Result<(), String> {
        self.marks.note(now, &self.secrets.redact(text))
    }

    /// Takes in what was observed; the figures are of this time, in seconds since the start.
    pub(crate) fn observe(&mut self, Observation { series, more }: Observation, of: &Range<f64>) {
        self.is_observed = more;
        let start_s = self.started_at.millis() as f64 / 1_000.0;
        for ObservedValues { name, query, labels, values } in series {
            let hide = |text: &str| self.secrets.redact(text).into_owned();
            let labels = labels.into_iter().map(|(name, value)| (hide(&name), hide(&value)));
            let labels: BTreeMap<String, String> = labels.collect();
            let (name, query) = (hide(&name), hide(&query));
            self.observed.add(ObservedValues { name, query, labels, values }, start_s, of);
        }
    }

    /// Whether somebody observes, and has not said the last.
    pub(crate) fn is_observed(&self) -> bool {
        self.is_observed
    }

    /// Waits for the last that is observed; an order to stop at once ends that. Returns the other orders that came.
    pub(crate) async fn last_observed(
        &mut self,
        ends: &mut Ends,
        of: &Range<f64>,
        last: &Arc<Snapshot>,
    ) -> Vec<Order> {
        let (mut others, until) = (Vec::new(), Instant::now() + PATIENCE);
        while self.is_observed {
            tokio::select! {
                order = ends.orders.recv() => match order {
                    Some(Order { command: Command::Observed(observation), answer }) => {
                        self.observe(observation, of);
                        ends.answer(answer, Ok(()));
                    }
                    Some(order) => {
                        self.is_observed &= !matches!(order.command, Command::Stop(Stop::Now));
                        others.push(order);
                    }
                    // Nobody is left who could want the result.
                    None => break,
                },
                Some(question) = ends.questions.recv() => question.answer(&self.entries, last),
                () = reached(Some(until)) => break,
            }
        }
        others
    }
}
