//! The console: progress on standard error while a run goes on, tables at its end.

mod numbers;
mod table;
mod tables;
mod progress;
mod screen;

pub(crate) use numbers::{count, ms, rate, share};
pub(crate) use screen::Screen;
pub(crate) use table::{Column, numbers, table, words};
pub(crate) use tables::{closing, kind, level_cells, observed_cells, results, threshold_cells};

#[cfg(test)]
mod tests;
