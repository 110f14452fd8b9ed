//! The options of what a run is called, and of the folder in which finished runs are kept.

use clap::{Args, value_parser};
use std::path::PathBuf;
use swarm_core::plan::{run_name, run_notes};

/// How a run is called, and where and how long its result is kept.
#[derive(Debug, Clone, Args)]
pub(crate) struct HistoryOptions {
    /// Name of the run, to find it and to compare it by.
    #[arg(long, value_name = "TEXT", value_parser = run_name, help_heading = "History")]
    pub(crate) run_name: Option<String>,

    /// What is worth knowing about it, for who reads its result.
    #[arg(long, value_name = "TEXT", value_parser = run_notes, help_heading = "History")]
    pub(crate) notes: Option<String>,

    /// Keep finished runs in this folder, not in `target/swarm-runs`.
    #[arg(long, value_name = "DIR", help_heading = "History")]
    pub(crate) history: Option<PathBuf>,

    /// Runs kept; the oldest without a name go first; 0 for none.
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(..=10_000), default_value = "50", help_heading = "History")]
    pub(crate) keep_runs: u32,
}
