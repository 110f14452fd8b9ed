//! The options of files that are made of a result for other programs.
//!
//! In their names, and in those of the other result files, `{u}`, `{r}` and `{t}` stand for users, spawn rate and run time.

use clap::Args;
use std::path::PathBuf;

/// Where they are written.
#[derive(Debug, Clone, Args)]
pub(crate) struct ResultOptions {
    /// Write it as a page; {u}, {r}, {t} in names of files: users, rate, time.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) html: Option<PathBuf>,

    /// Write the result as JUnit XML to a file, for CI.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) junit: Option<PathBuf>,

    /// Write a summary in Markdown to a file, for pages of CI.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) summary_md: Option<PathBuf>,
}

impl ResultOptions {
    /// All of them.
    pub(crate) fn files(&mut self) -> [&mut Option<PathBuf>; 3] {
        [&mut self.html, &mut self.junit, &mut self.summary_md]
    }
}
