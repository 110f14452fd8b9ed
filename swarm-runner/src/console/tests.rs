//! What stands on the console, as it stands there.

use super::progress::{line, picture};
use super::{closing, results};
use crate::sample_report::report;
use std::sync::Arc;
use std::time::Duration;
use swarm_core::engine::{RunState, Snapshot};
use swarm_core::judge::Ending;

fn snapshot(state: RunState, elapsed: u64) -> Snapshot {
    let elapsed = Duration::from_secs(elapsed);
    let report = Some(Arc::new(report()));
    Snapshot { state, elapsed, users: 50, wanted: 100, report, ..Snapshot::default() }
}

#[test]
fn the_tables_at_the_end() {
    let report = report();
    insta::assert_snapshot!(results(&report) + "\n" + &closing(&report, &Ending::TimeUp));
}

#[test]
fn a_line_for_a_pipe() {
    let minute = Some(Duration::from_secs(60));
    let lines = [
        line(&Snapshot::default(), minute),
        line(&snapshot(RunState::Spawning, 10), minute),
        line(&snapshot(RunState::Running, 3_661), None),
        line(&Snapshot { rate: 300.0, in_flight: 7, ..snapshot(RunState::Running, 20) }, minute),
    ];
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_picture_that_fits_the_terminal() {
    let minute = Some(Duration::from_secs(60));
    let spawning = snapshot(RunState::Spawning, 15);
    insta::assert_snapshot!(picture(&spawning, minute, (100, 24)).join("\n"));
    for size in [(100, 24), (40, 8), (20, 4), (1, 1)] {
        for run_time in [None, minute] {
            let lines = picture(&spawning, run_time, size);
            assert!(lines.iter().all(|line| line.chars().count() <= size.0), "{size:?}: {lines:?}");
            assert!(lines.len() < size.1.max(2), "{size:?}: {lines:?}");
        }
    }
}
