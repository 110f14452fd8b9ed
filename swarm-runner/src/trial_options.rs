//! The options of `cargo swarm try`: what of a run's has a meaning for one user.

use crate::options::{Client, Logs, Target};
use clap::{ArgAction, Parser};
use std::path::PathBuf;
use std::time::Duration;
use swarm_core::duration;

/// Run one user once, and print each request and answer: its `on_start`, each of its tasks, its `on_stop`.
#[derive(Debug, Clone, Parser)]
#[command(name = "cargo swarm try", bin_name = "cargo swarm try", max_term_width = 100)]
#[command(override_usage = "cargo swarm try [CARGO OPTIONS] CLASS [--task NAME]... [OPTIONS]")]
pub(crate) struct TrialOptions {
    /// User class to try.
    #[arg(value_name = "CLASS")]
    pub(crate) class: Option<String>,

    /// Only this task; several, or a comma list, run in the order given.
    #[arg(long, value_name = "NAME", value_delimiter = ',', action = ArgAction::Append)]
    pub(crate) task: Vec<String>,

    /// Read this file instead of the package's `swarm.toml`.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Stop after this time, as `300s`, `20m`, `1h30m`; never if not given.
    #[arg(short = 't', long, value_name = "TIME", value_parser = duration::parse)]
    pub(crate) run_time: Option<Duration>,

    /// Same seed, same choices.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,

    #[command(flatten)]
    pub(crate) target: Target,

    #[command(flatten)]
    pub(crate) client: Client,

    #[command(flatten)]
    pub(crate) logs: Logs,

    /// Exit code when requests or tasks failed.
    #[arg(long, value_name = "CODE", default_value_t = 1, help_heading = "Output")]
    pub(crate) exit_code_on_error: u8,
}
