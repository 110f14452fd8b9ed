//! What the outcome of a run is judged by, taken from its figures.

use crate::event;
use crate::judge::{Ending, Evidence, Health, Tally, Thresholds, Validity};
use crate::plan::RunSpec;
use crate::stats::{ExceptionEntry, Kind, Summary};

pub(crate) fn evidence(
    spec: &RunSpec,
    ending: Ending,
    summary: &Summary,
    thresholds: &Thresholds,
    trust: (Validity, Health),
) -> Evidence {
    let (of_listeners, of_tasks): (Vec<_>, Vec<_>) =
        summary.exceptions.iter().partition(|row| row.class == event::CLASS);
    let (covered, exceptions): (Vec<_>, Vec<_>) =
        of_tasks.into_iter().partition(|row| thresholds.cover_task(&row.class, &row.task));
    let sum = |rows: &[&ExceptionEntry]| rows.iter().map(|row| row.occurrences).sum();
    Evidence {
        ending,
        requests: tally(summary, thresholds, Kind::is_in_totals),
        logins: tally(summary, thresholds, |kind| kind == Kind::Auth),
        exceptions: sum(&exceptions),
        covered_exceptions: sum(&covered),
        listeners: sum(&of_listeners),
        failed_thresholds: thresholds.failures(),
        thresholds: spec.thresholds.len(),
        missing: Vec::new(),
        trust,
        search: None,
        exit_code_on_error: spec.exit_code_on_error,
    }
}

/// How the requests of some kinds ended.
fn tally(summary: &Summary, thresholds: &Thresholds, is_one: fn(Kind) -> bool) -> Tally {
    let mut tally = Tally::default();
    for row in summary.requests.iter().filter(|row| is_one(row.kind)) {
        tally.ended += row.totals.requests;
        tally.failed += row.totals.failures;
        tally.interrupted += row.totals.interrupted;
        if thresholds.cover_request(row.kind, &row.method, &row.name) {
            tally.covered += row.totals.failures;
        }
    }
    tally
}
