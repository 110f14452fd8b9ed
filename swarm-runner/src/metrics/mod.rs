//! What a run shows to systems that collect metrics: families of samples, made of a snapshot with its histograms, and the formats that they are written in.
//!
//! Counters begin anew where the run's figures do: with a run, with the end of a warm-up, with a reset. Names of requests, tasks, classes and thresholds are
//! bounded, so that there are at most 30,000 series, whatever a load test does.

mod family;
mod of_requests;
mod of_tasks;
mod of_run;
mod families;
mod openmetrics;
mod kept;

pub(crate) use families::families;
pub(crate) use family::{Family, Label, Number, Point, Points, Unit};

#[cfg(test)]
mod tests;

pub(crate) use kept::Kept;
pub(crate) use openmetrics::Format;
