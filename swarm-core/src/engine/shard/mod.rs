//! A shard: one thread, and the users that live on it.

mod heart;
pub(super) mod seat;
mod hive;
mod closed;
mod guests;
mod open;
mod run;

pub(super) use run::run;
