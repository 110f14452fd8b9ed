//! Conducting runs: one after the other, each from its first user to its result.

mod attendance;
mod limit_search;
mod marks;
mod history;
mod evidence;
mod run;
mod conductor;

pub use conductor::check;
