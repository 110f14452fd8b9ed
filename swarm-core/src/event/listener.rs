//! A listener, as `#[event]` declares it.

use super::told::{Quitting, RequestEvent};
use crate::context::Context;
use crate::error::TaskResult;
use crate::judge::Ending;
use crate::plan::RunSpec;
use crate::report::Report;
use std::pin::Pin;

/// A listener at work.
pub type Listening<'a> = Pin<Box<dyn Future<Output = TaskResult> + 'a>>;

/// How listeners are called that are told of a `T`.
pub type Hears<T> = fn(&T) -> Listening<'_>;
/// How those of `spawning_complete` are called.
pub type HearsNumber = fn(u32) -> Listening<'static>;
/// How those of `request` are called: they stand in the path of each request, so that they can't wait and nothing is boxed.
pub type HearsRequest = fn(&RequestEvent<'_>) -> TaskResult;
/// How those of `quitting` are called.
pub type HearsQuitting = fn(&mut Quitting) -> Listening<'_>;

/// A function that `#[event]` stands on.
#[derive(Debug, Clone, Copy)]
pub struct Listener {
    /// Its module.
    pub module: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it listens to.
    pub call: Call,
}

/// The event, and how its listener is called.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "each is the event of its name")]
pub enum Call {
    Init(Hears<RunSpec>),
    TestStart(Hears<RunSpec>),
    UserStart(Hears<Context>),
    Request(HearsRequest),
    UserStop(Hears<Context>),
    SpawningComplete(HearsNumber),
    Stopping(Hears<Ending>),
    TestStop(Hears<Report>),
    Quitting(HearsQuitting),
}

inventory::collect!(Listener);

/// Whether a function's parameter is what its event tells: it is, or the compiler says what it should be.
#[diagnostic::on_unimplemented(
    message = "a listener of this event takes `{Event}`, not `{Self}`",
    label = "should be `{Event}`"
)]
pub trait Told<Event> {
    /// The event itself.
    fn told(event: Event) -> Self;
}

#[diagnostic::do_not_recommend]
impl<Event> Told<Event> for Event {
    fn told(event: Event) -> Self {
        event
    }
}
