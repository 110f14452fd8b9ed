//! How users and shards behave, on paused time.

mod simulation;

mod users;
mod task_sets;
mod events;
mod probes;
mod loads;
mod visits;
