//! The search for a service's limit: the highest load that it sustains.
//!
//! A [`Search`] is a state machine without clock and I/O. It says which level of load to hold, is fed with the figures of each second, and answers with
//! what to do next. It starts low, doubles the load until a level fails, halves the gap between the highest level that held and the lowest that failed until
//! that is half the precision wide, and holds the highest again, for longer. If that fails it goes down, step by step, until a level holds.
//!
//! # How a level is judged
//!
//! `p95 < 250ms` means that at most 5 % of requests take 250 ms or longer, `failures < 1%` that fewer than 1 % fail. Both are shares, and a level is judged
//! by its shares over a fixed time, after a time to settle that is not measured. It fails
//!
//! * when a share is above what is allowed, as soon as that is certain, however the rest of its time would go;
//! * at once when what is in flight was above 1.5 × rate × bound for three seconds: the backlog grows (plus two, which a small rate has by chance);
//! * when more than 1 % of what was due could not start;
//! * when the load generator was at its own limit for a quarter of the time.
//!
//! Waiting times of neighbouring requests are alike, so requests are no independent draws and a binomial test of each level would be wrong: at 95 % of its
//! capacity a queue needs seconds to forget. So the levels in between are judged leniently (half as much again as is allowed is no reason to turn back), and
//! only the last one, which is held longest, strictly. What was simulated for that stands in the tests.
//!
//! After a level that failed the load is low until what is in flight is back at its value from before.

mod second;
mod capacity;
mod goal;
mod sums;
mod hold;
mod interval;
mod machine;

pub use capacity::{Capacity, LevelEntry, LimitedBy};
pub use goal::Goal;
pub use machine::{Search, Step};
pub use second::{Counted, SearchSecond};

#[cfg(test)]
mod tests;
