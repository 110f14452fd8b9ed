//! What is to run when: pure functions of time, on no clock of their own.
//!
//! [`RunSpec`] describes a run. [`Plan`] says how many users are wanted at a time, [`Mix`] which class each of them is,
//! [`Share`] on which shard each of them lives. A user's index is its identity in all three.

mod profile;
mod stages;
mod load;
mod shape;
mod client;
mod filter;
mod validity;
mod find_limit;
mod label;
mod spec;
mod mix;
mod crowd;
mod arrivals;
mod share;

pub use arrivals::{Arrival, Arrivals};
pub use client::{ClientOptions, HttpVersion, Resolve};
pub use crowd::Crowd;
pub(crate) use crowd::end;
pub use filter::TaskFilter;
pub use find_limit::{Expected, FindLimit};
pub use label::{LONGEST_NAME, LONGEST_NOTES, run_name, run_notes};
pub use load::{Load, Plan, Spacing};
pub use mix::Mix;
pub use profile::Profile;
pub use shape::{Level, NoShape, Shape};
pub use share::Share;
pub use spec::{ClassSpec, RunSpec};
pub use stages::{Rate, Stage, Stages, Unit};
pub use validity::ValidityRules;
