//! What listeners are told, where no type of its own says it already.

use crate::context::Context;
use crate::report::Report;
use crate::stats::{Sample, SampleResult};
use std::ops::Deref;
use std::sync::Arc;

/// A request that has come to its end: told to [`#[event(request)]`](macro@crate::event).
///
/// It is the [`Sample`] that is recorded, with the context of its user. Its texts are as they were sent: secrets are not taken out of them.
///
/// ```
/// use swarm_core::prelude::*;
///
/// #[event(request)]
/// fn log_what_is_slow(event: &RequestEvent<'_>) {
///     if event.response_time > Duration::from_secs(1) {
///         let user = event.context.number();
///         eprintln!("user {user}: {} {}: {:?}", event.method, event.name, event.error());
///     }
/// }
/// ```
#[derive(Clone, Copy)]
pub struct RequestEvent<'a> {
    /// The user that sent it.
    pub context: &'a Context,
    /// What is recorded.
    pub sample: &'a Sample<'a>,
}

impl<'a> RequestEvent<'a> {
    /// Why it failed; none if it succeeded, or was cut off at the end of the run.
    #[must_use]
    pub fn error(&self) -> Option<&'a str> {
        match self.sample.result {
            SampleResult::Failed(error) => Some(error),
            SampleResult::Ok | SampleResult::Interrupted => None,
        }
    }
}

impl<'a> Deref for RequestEvent<'a> {
    type Target = Sample<'a>;

    fn deref(&self) -> &Sample<'a> {
        self.sample
    }
}

/// The program is about to end: told to [`#[event(quitting)]`](macro@crate::event).
///
/// ```
/// use swarm_core::prelude::*;
///
/// #[event(quitting)]
/// fn one_in_a_hundred_may_fail(event: &mut Quitting) {
///     let totals = &event.report.totals;
///     event.exit_code = if totals.failures * 100 > totals.requests { 7 } else { 0 };
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Quitting {
    /// What the program will end with; a listener that changes it has the last word over all other reasons.
    pub exit_code: u8,
    /// The result of the run.
    pub report: Arc<Report>,
}
