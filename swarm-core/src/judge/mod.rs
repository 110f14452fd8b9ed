//! Judgement: figures in, exit code and reasons out. Pure.
//!
//! # How thresholds are judged
//!
//! [`Thresholds`] takes in each second of a run. What a [threshold](crate::threshold) says of the whole run is decided at its end; until then its entry says how it
//! stands. With `over`, every window must keep the bound.
//!
//! * **Response times** are those of what succeeded, and, of what failed or was cut off, those that were above the bound by then: fast failures don't make a
//!   percentile better, and what hangs at the end makes it worse.
//! * **Scheduled load** (`constant_throughput`, `constant_pacing`) is judged *from schedule*: from when a request or a run was due. What has no due time counts from its
//!   start.
//! * **A window** begins when all users run, is judged at the end of each second once it is whole, and needs 100 requests or runs in it (`rps` needs none). It does not
//!   reach into the end of the run, but what was still under way then belongs to the last one.
//! * **No data fails**: nothing of that name was seen, or no window was whole.
//! * **`abort`** ends the run when the threshold has failed for 10 seconds running. A ramp excuses what is too little (`rps > 200`), but not what is too much.
//! * **`failures < …`** decides about the failures that it judges, in place of exit code 1: without a subject those of all requests in the totals, with a request those
//!   of that request, with a task or a class the errors of its runs that are not failed requests.

mod figures;
mod thresholds;
mod validity;
mod outcome;
pub mod search;

pub use outcome::{Ending, Evidence, Outcome, Tally, exit_code};
pub use thresholds::{ABORT_AFTER_S, Phase, ThresholdEntry, Thresholds};
pub use validity::{Blocking, Checkup, Health, Validity, Vitals};

#[cfg(test)]
mod threshold_tests;
