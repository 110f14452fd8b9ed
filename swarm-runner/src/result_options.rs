//! The options of files that are made of a result for other programs.

use clap::Args;
use std::path::PathBuf;

/// Where they are written.
#[derive(Debug, Clone, Args)]
pub(crate) struct ResultOptions {
    /// Write the result as JUnit XML to a file, for CI.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) junit: Option<PathBuf>,
}
