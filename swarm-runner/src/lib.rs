//! The program around a compiled load test: options and configuration, console, result files, the demo site.
//!
//! `cargo swarm` writes a `main` that calls [`main`]; a package that has its own does the same:
//!
//! ```no_run
//! fn main() -> std::process::ExitCode {
//!     swarm_runner::main()
//! }
//! ```
//!
//! Modules stand in the order of their levels: each uses only those above it.

mod error;
mod output;
#[cfg(test)]
mod sample_report;
mod hidden;
mod limit_options;
mod result_options;
mod otlp_options;
mod access_options;
mod web_options;
mod observe_options;
mod metrics_options;
mod history_options;
mod options;
mod trial_options;
mod layers;
mod setting_flags;
mod configuration;
mod classes;
mod history;
mod listing;
mod completion;
mod participants;
mod ratios;
mod load;
mod run_spec;
mod console;
mod markup;
mod runs;
mod compare;
mod csv_tables;
mod csv_files;
mod exports;
mod demo;
mod metrics;
mod signals;
mod log_lines;
mod logging;
mod outward;
mod observe;
mod otlp;
mod trial;
mod repeat;
mod watcher;
mod headless;
mod web;
mod session;
mod app;

pub use app::main;
pub use demo::{DEMO_PASSWORD, DEMO_USERNAME, Demo};
