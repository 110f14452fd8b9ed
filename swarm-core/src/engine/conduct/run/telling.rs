//! What a run tells of itself: how far it is, and its figures.

use super::Run;
use crate::clock::Timestamp;
use crate::engine::conduct::evidence::evidence;
use crate::engine::conduct::limit_search::LimitSearch;
use crate::engine::handle::{Ends, RunState, Snapshot};
use crate::judge::{Ending, Evidence, Outcome};
use crate::report::Report;
use crate::stats::Presence;
use std::sync::Arc;

impl Run {
    /// Shows everybody how far it is.
    pub(super) fn publish(
        &self,
        state: RunState,
        presence: Presence,
        ends: &Ends,
        report: Option<Arc<Report>>,
    ) {
        let snapshot = Snapshot {
            run: ends.run,
            state,
            elapsed: self.now(),
            users: presence.users,
            wanted: presence.wanted,
            rate: self.crowds.rate(self.now()),
            in_flight: presence.in_flight,
            load: Some(self.load.clone()),
            why: self.ended.as_ref().map(|ended| ended.why.clone()),
            vitals: self.examination.vitals(),
            report,
            histograms: (state == RunState::Stopped).then(|| Arc::new(self.ledger.histograms())),
        };
        ends.snapshots.send_replace(Arc::new(snapshot));
    }

    /// The latest snapshot, with these figures of now and with histograms.
    pub(super) fn last(&mut self, ends: &Ends) -> Arc<Snapshot> {
        let latest = Snapshot::clone(&ends.snapshots.borrow());
        let (elapsed, histograms) = (self.now(), self.ledger.histograms());
        let (report, histograms) = (Some(Arc::new(self.report(false))), Some(Arc::new(histograms)));
        Arc::new(Snapshot { elapsed, report, histograms, ..latest })
    }

    /// The figures so far.
    pub(super) fn report(&mut self, histograms: bool) -> Report {
        let marks = self.history.marks.until(self.now());
        let measured = self.measured();
        let mut summary = self.ledger.summary(measured, histograms);
        for row in summary.requests.iter_mut().filter(|_| histograms) {
            row.history = self.history.entries.whole(row.kind, &row.method, &row.name);
        }
        let ending = self.ended.as_ref().map_or(Ending::Asked, |ended| ended.why.clone());
        let trust = self.examination.verdict(&summary, &self.missing);
        let evidence = Evidence {
            search: self.search.as_ref().map(LimitSearch::answer),
            missing: self.log_gap.clone().into_iter().collect(),
            ..evidence(&self.spec, ending, &summary, &self.thresholds, trust)
        };
        Report {
            schema: Report::SCHEMA,
            swarm: env!("CARGO_PKG_VERSION").to_owned(),
            run: crate::report::Run {
                spec: (*self.spec).clone(),
                started_at: self.history.started_at,
                ended_at: self.over.map_or_else(Timestamp::now, |(at, _)| at),
                measured_from_s: self.measured_from.as_secs_f64(),
                duration_s: measured.as_secs_f64(),
            },
            outcome: Outcome::of(&evidence),
            thresholds: self.thresholds.entries(),
            capacity: self.search.as_ref().map(LimitSearch::capacity),
            totals: summary.totals,
            requests: summary.requests,
            wire: summary.wire,
            tasks: summary.tasks,
            classes: self.attendance.entries(
                &self.spec,
                &self.crowds,
                (self.now(), self.ended.as_ref().map(|ended| ended.at)),
                |class| self.ledger.of_class(class, measured),
            ),
            failures: summary.failures,
            slowest: summary.slowest,
            exceptions: summary.exceptions,
            metrics: summary.metrics,
            history: self.history.timeline.points().to_vec(),
            observed: self.history.observed.series(),
            marks,
        }
    }
}
