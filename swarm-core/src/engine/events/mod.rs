//! Telling listeners what happens to a run, and at the end of the program.

mod apart;
mod run_events;
mod quitting;

pub use quitting::quit;
pub(super) use run_events::{Happening, RunEvents};
