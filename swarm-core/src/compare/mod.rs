//! The comparison of runs: what has changed between those before and those after, and what may be chance.
//!
//! Of each entry of requests, and of all, five measures are compared: requests per second, failures, and the 50th, 95th and 99th percentile of response
//! times, of requests that succeeded (from their schedule, where they had one). A change is *worse* or *better* when it is larger than the margin, and
//! certain: the probability that chance alone makes some such difference anywhere in the comparison is 5 % at most, by Holm's correction.
//!
//! What chance does is seen in two ways, and the larger error is taken:
//!
//! * **Between runs**: several runs of each side differ from each other. With five or more of each side nothing else is assumed.
//! * **Within a run**: response times of neighbouring requests are alike, so that a run says less than its number of requests suggests. By how much is
//!   told by its [batches of time](crate::stats::Batches): how much their means differ beyond what independent requests would, and how much
//!   neighbouring batches are alike.
//!
//! With fewer than five runs of a side a comparison is *indicative*: what one run differs from the next by is hardly known, or, with one, not at all.
//!
//! For each change the smallest one is told that would have been found with a probability of 80 %. No difference that was found is no difference below that.

mod student;
mod estimate;
mod observed;
mod fit;
mod change;
mod comparison;

pub use change::{Change, Verdict};
pub use comparison::{Compared, Comparison, ENOUGH_RUNS, compare};

#[cfg(test)]
mod tests;
