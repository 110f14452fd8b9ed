//! The life of a simulated user: its code, whatever that does, and the loop that runs it.

pub(super) mod panics;
mod user_code;
mod user_loop;
pub(super) mod user_events;

pub(crate) use user_loop::user_loop;
