//! What runs a load test on this machine.
//!
//! A [`RunHandle`] reaches the conductor, which owns a run: its plan, its figures, its end. The conductor drives a fleet of shards, one thread
//! each, and a shard runs its users, each by the same loop. Nothing on the path of a request leaves its shard.

mod deadline;
mod life;
mod shard;
mod preparation;
mod trial;
mod crowds;
mod fleet;
mod seconds;
mod generator;
mod handle;
mod events;
mod conduct;

pub use conduct::check;
pub use events::quit;
pub use handle::{Command, Event, Observation, RunHandle, RunState, Snapshot, Start, Stop};
pub(crate) use life::user_loop;
pub(crate) use trial::{Told, Trying, Until};

#[cfg(test)]
mod tests;
