//! Files that are made of a result for other programs.

mod junit;
mod markdown;
mod saved;
mod html;

#[cfg(test)]
mod tests;

pub(crate) use html::text as html;
pub(crate) use saved::Saved;

use crate::error::UsageError;
use crate::options::Options;
use crate::output;
use std::path::Path;
use swarm_core::report::Report;

/// A file that is wanted: the option's name, its path, and what makes its text.
type Wanted<'a> = (&'static str, Option<&'a Path>, fn(&Report) -> String);

fn all(options: &Options) -> [Wanted<'_>; 4] {
    [
        ("--json-file", options.json_file.as_deref(), output::json),
        ("--junit", options.results.junit.as_deref(), junit::text),
        ("--summary-md", options.results.summary_md.as_deref(), markdown::text),
        ("--html", options.results.html.as_deref(), html::text),
    ]
}

/// Checks that all that are wanted can be written, before the load starts; makes their folders.
pub(crate) fn prepare(options: &Options) -> Result<(), UsageError> {
    for (option, path, _) in all(options) {
        if let Some(path) = path {
            output::prepare(path, option)?;
        }
    }
    Ok(())
}

/// Writes all that are wanted.
pub(crate) fn write(options: &Options, report: &Report) -> Result<(), UsageError> {
    for (_, path, text) in all(options) {
        if let Some(path) = path {
            output::write(path, text(report))?;
        }
    }
    Ok(())
}
