//! Events of a run: what `#[event]` functions are told, and who listens.
//!
//! The attribute is [`#[event]`](macro@crate::event); its page says when each event happens and what a listener gets.

mod told;
pub(crate) mod listener;
mod listeners;

pub(crate) use listeners::{CLASS, Listeners, On};
pub use told::{Quitting, RequestEvent};
