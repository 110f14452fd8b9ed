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

/// A function that `#[event]` stands on.
#[derive(Debug, Clone, Copy)]
pub struct Listener {
    /// Its module.
    pub module: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The event, and the function that is told.
    pub call: Call,
}

/// How the listeners of each event are called. That of a request stands in the path of each request, so that it can't wait and nothing is boxed.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "each is the event of its name")]
pub enum Call {
    Init(fn(&RunSpec) -> Listening<'_>),
    TestStart(fn(&RunSpec) -> Listening<'_>),
    UserStart(fn(&Context) -> Listening<'_>),
    Request(fn(&RequestEvent<'_>) -> TaskResult),
    UserStop(fn(&Context) -> Listening<'_>),
    SpawningComplete(fn(u32) -> Listening<'static>),
    Stopping(fn(&Ending) -> Listening<'_>),
    TestStop(fn(&Report) -> Listening<'_>),
    Quitting(fn(&mut Quitting) -> Listening<'_>),
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
