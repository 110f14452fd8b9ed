//! Judgement: figures in, exit code and reasons out. Pure.

mod outcome;

pub use outcome::{Ending, Evidence, Outcome, Tally, exit_code};
