//! Locust's CSV files: the same names as Locust's.
//!
//! `_stats`, `_failures` and `_exceptions` are written anew each second and at the end; `_stats_history` grows by a second at a time. Unlike Locust's, what
//! stands in the files at the end is the end of the run. Two more, `_thresholds` and `_levels`, are written if there are any.

use crate::csv_tables::{self, Row};
use crate::error::UsageError;
use crate::output;
use csv::Writer;
use std::fs::{File, create_dir_all};
use std::path::{Path, PathBuf};
use swarm_core::engine::Snapshot;
use swarm_core::report::Report;

/// The four files of a run.
pub(crate) struct CsvFiles {
    prefix: PathBuf,
    history: Writer<File>,
    /// Whether the history has a line for each name.
    full: bool,
}

impl CsvFiles {
    /// Makes the files, with their headers.
    pub(crate) fn create(prefix: &Path, full: bool) -> Result<Self, UsageError> {
        let path = file(prefix, "_stats_history.csv");
        if let Some(folder) = prefix.parent() {
            create_dir_all(folder).map_err(|error| bad(folder, &error))?;
        }
        let file = File::create(&path).map_err(|error| bad(&path, &error))?;
        let history = csv_tables::writer(file);
        let mut files = Self { prefix: prefix.to_owned(), history, full };
        files.add_history(&[csv_tables::history_header()])?;
        Ok(files)
    }

    /// Writes how far the run is.
    pub(crate) fn update(&mut self, snapshot: &Snapshot) -> Result<(), UsageError> {
        let Some(report) = &snapshot.report else { return Ok(()) };
        self.add_history(&csv_tables::history(report, snapshot.users, self.full))?;
        self.write(report)
    }

    /// Writes the end of the run.
    pub(crate) fn finish(&mut self, report: &Report) -> Result<(), UsageError> {
        self.add_history(&csv_tables::history(report, 0, self.full))?;
        self.write(report)
    }

    fn add_history(&mut self, rows: &[Row]) -> Result<(), UsageError> {
        let path = file(&self.prefix, "_stats_history.csv");
        let mut write = || {
            rows.iter().try_for_each(|row| self.history.write_record(row))?;
            Ok::<_, csv::Error>(self.history.flush()?)
        };
        write().map_err(|error| bad(&path, &error))
    }

    fn write(&self, report: &Report) -> Result<(), UsageError> {
        let tables = [
            ("_stats.csv", Some(csv_tables::requests(report))),
            ("_failures.csv", Some(csv_tables::failures(report))),
            ("_exceptions.csv", Some(csv_tables::exceptions(report))),
            ("_thresholds.csv", csv_tables::thresholds(report)),
            ("_levels.csv", csv_tables::levels(report)),
        ];
        for (end, table) in tables {
            let Some(rows) = table else { continue };
            let path = file(&self.prefix, end);
            let text = csv_tables::text(&rows).map_err(|error| bad(&path, &error))?;
            output::write(&path, &text)?;
        }
        Ok(())
    }
}

fn file(prefix: &Path, end: &str) -> PathBuf {
    let mut path = prefix.as_os_str().to_owned();
    path.push(end);
    path.into()
}

fn bad(path: &Path, error: &dyn std::fmt::Display) -> UsageError {
    UsageError::new(format!("can't write {}: {error}", path.display()))
        .help("choose another place for --csv")
}
