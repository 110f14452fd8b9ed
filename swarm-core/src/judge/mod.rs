//! Judgement: figures in, exit code and reasons out. Pure.

mod validity;
mod outcome;

pub use outcome::{Ending, Evidence, Outcome, Tally, exit_code};
pub use validity::{Blocking, Checkup, Health, Validity, Vitals};
