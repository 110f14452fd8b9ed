//! What a list of kept runs says of each.

use super::file;
use super::id::Id;
use serde::{Deserialize, Serialize};
use std::path::Path;
use swarm_core::clock::Timestamp;
use swarm_core::judge::{Outcome, Validity};
use swarm_core::report::{Report, Run};
use swarm_core::stats::RunTotals;

/// A run of the history.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct Listed {
    /// What it is opened by.
    pub(crate) id: String,
    /// Size of its file.
    pub(crate) bytes: u64,
    /// Why its file can't be read; null if it can.
    pub(crate) problem: Option<String>,
    /// What it was; null if its file can't be read.
    pub(crate) run: Option<Brief>,
}

/// The most important of a result.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct Brief {
    /// What people call it.
    pub(crate) name: Option<String>,
    /// What is noted of it.
    pub(crate) notes: Option<String>,
    /// When it started.
    pub(crate) started_at: Timestamp,
    /// How long it was measured, in seconds.
    pub(crate) duration_s: f64,
    /// The target of all classes; null if each had its own.
    pub(crate) host: Option<String>,
    /// The classes that took part.
    pub(crate) classes: Vec<String>,
    /// How many users, or at what rate, in words.
    pub(crate) load: String,
    /// 0 if it passed.
    pub(crate) exit_code: u8,
    /// Why it has that.
    pub(crate) reasons: Vec<String>,
    /// Whether its figures can be trusted.
    pub(crate) validity: Validity,
    /// Requests in all.
    pub(crate) requests: u64,
    /// How many of them failed.
    pub(crate) failures: u64,
    /// Requests per second.
    pub(crate) rps: f64,
    /// The 95th percentile of response times, in milliseconds.
    pub(crate) p95_ms: Option<f64>,
}

/// The parts of a result of which it is made.
#[derive(Deserialize)]
struct Head {
    schema: u64,
    run: Run,
    outcome: Outcome,
    totals: RunTotals,
}

impl file::Versioned for Head {
    fn schema(&self) -> Option<u64> {
        Some(self.schema)
    }
}

impl Listed {
    /// The run in this file.
    pub(super) fn read(id: &Id, path: &Path, bytes: u64) -> Self {
        let read = file::read(path).map_err(|error| error.to_string());
        let (problem, run) = match read.and_then(|text| file::parse::<Head>(&text)) {
            Ok(Head { run, outcome, totals, .. }) => {
                (None, Some(Brief::of(&run, outcome, &totals)))
            }
            Err(why) => (Some(why), None),
        };
        Self { id: id.to_string(), bytes, problem, run }
    }

    /// The run that was just kept.
    pub(super) fn of(id: &Id, report: &Report, bytes: u64) -> Self {
        let brief = Brief::of(&report.run, report.outcome.clone(), &report.totals);
        Self { id: id.to_string(), bytes, problem: None, run: Some(brief) }
    }

    /// What people call it.
    pub(crate) fn name(&self) -> Option<&str> {
        self.run.as_ref()?.name.as_deref()
    }
}

impl Brief {
    fn of(run: &Run, outcome: Outcome, totals: &RunTotals) -> Self {
        let spec = &run.spec;
        Self {
            name: spec.name.clone(),
            notes: spec.notes.clone(),
            started_at: run.started_at,
            duration_s: run.duration_s,
            host: spec.host.clone(),
            classes: spec.classes.iter().map(|class| class.name.clone()).collect(),
            load: match &spec.find_limit {
                Some(_) => "search for a limit".to_owned(),
                None => spec.load.to_string(),
            },
            exit_code: outcome.exit_code,
            reasons: outcome.reasons,
            validity: outcome.validity,
            requests: totals.requests,
            failures: totals.failures,
            rps: totals.rps,
            p95_ms: totals.response_time_ms.p95,
        }
    }
}
