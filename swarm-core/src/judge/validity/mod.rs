//! Whether a measurement can be trusted: what the generator saw of itself, and one word for it.
//!
//! Each second a shard's heart beats a hundred times; how late it beats is the *lag*, because a response that came meanwhile was seen that much too
//! late. A second is *bad* when the lag was longer than 20 ms and than a fifth of the p95 of that second: what hides in long response times is no harm.
//!
//! | word | when |
//! |---|---|
//! | suspect | more than 5 % of the seconds are bad, and at least 3; or in as many the CPU was used by more than 90 %, other virtual machines stole more than 10 % of it, or a container's limit stopped the generator; or more than 1 % of the runs of tasks that were due did not start |
//! | invalid | more than 25 % of the seconds are bad, and at least 3; or descriptors or ports ran out; or figures are missing |
//! | valid | else |
//!
//! The numbers are those of [`ValidityRules`](crate::plan::ValidityRules), and can be set.

mod word;
mod health;

pub use health::{Blocking, Checkup, Health, Vitals};
pub use word::Validity;
