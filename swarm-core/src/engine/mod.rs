//! What runs a load test on this machine.
//!
//! A [`RunHandle`] reaches the conductor, which owns a run: its plan, its figures, its end. The conductor drives a fleet of shards, one thread
//! each, and a shard runs its users, each by the same loop. Nothing on the path of a request leaves its shard.

mod panics;
mod deadline;
mod machine;
mod heart;
mod lookout;
mod user_code;
mod user_loop;
mod user_events;
mod seat;
mod hive;
mod closed;
mod guests;
mod open;
mod shard;
mod preparation;
mod trial;
mod crowds;
mod fleet;
mod seconds;
mod examination;
mod attendance;
mod limit_search;
mod marks;
mod handle;
mod apart;
mod run_events;
mod evidence;
mod run;
mod conductor;
mod quitting;

pub use conductor::check;
pub use handle::{Command, Event, RunHandle, RunState, Snapshot, Start, Stop};
pub use quitting::quit;
pub(crate) use trial::{Told, Trying, Until};
pub(crate) use user_loop::user_loop;

#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod task_set_tests;
#[cfg(test)]
mod event_tests;
#[cfg(test)]
mod probe_tests;
#[cfg(test)]
mod load_tests;
#[cfg(test)]
mod visit_tests;
