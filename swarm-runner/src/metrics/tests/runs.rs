//! Runs that something is shown of.

use crate::sample_report;
use std::sync::Arc;
use std::time::Duration;
use swarm_core::engine::{RunState, Snapshot};
use swarm_core::judge::{ThresholdEntry, Vitals};
use swarm_core::report::ClassEntry;
use swarm_core::stats::{
    ClassFigures, Delta, Kind, Phases, Recorder, Sample, SampleResult, TaskRun,
};

/// A run of `Shopper` that goes on, with these figures.
pub(super) fn snapshot(delta: &Delta) -> Snapshot {
    let (mut report, ledger) = sample_report::of(delta);
    report.classes = vec![class("Shopper", 50)];
    let lag = Duration::from_millis(3);
    Snapshot {
        run: 3,
        state: RunState::Running,
        elapsed: Duration::from_millis(10_500),
        in_flight: 7,
        vitals: Some(Vitals { cpu: Some(0.25), lag, ..Vitals::default() }),
        report: Some(Arc::new(report)),
        histograms: Some(Arc::new(ledger.histograms())),
        ..Snapshot::default()
    }
}

fn class(name: &str, users: u32) -> ClassEntry {
    ClassEntry {
        name: name.to_owned(),
        weight: 1,
        fixed_count: 0,
        users,
        wanted: users,
        peak_users: users,
        figures: ClassFigures::default(),
        shares: Vec::new(),
    }
}

pub(super) fn request<'a>(name: &'a str, micros: u64, result: SampleResult<'a>) -> Sample<'a> {
    Sample {
        kind: Kind::Http,
        method: "GET",
        name,
        response_time: Duration::from_micros(micros),
        from_schedule: None,
        phases: Phases::default(),
        bytes: 10,
        status: Some(200),
        result,
    }
}

fn run<'a>(class: &'a str, task: &'a str, failed: bool) -> TaskRun<'a> {
    let duration = Duration::from_millis(30);
    TaskRun { class, task, duration, from_schedule: None, start_delay: None, failed }
}

/// A run with as much of everything as there may be, and more.
pub(super) fn crowded() -> Snapshot {
    let mut recorder = Recorder::with_limit(usize::MAX);
    for number in 0..5_000 {
        let name = format!("/{number}");
        for result in [SampleResult::Ok, SampleResult::Failed("why"), SampleResult::Interrupted] {
            for kind in [Kind::Http, Kind::Probe, Kind::Auth, Kind::Step] {
                let method = ["GET", "POST", "CALL"][number % 3];
                let status = Some(100 + (number % 900) as u16);
                let from_schedule = Some(Duration::from_millis(3));
                recorder.record(&Sample {
                    kind,
                    method,
                    status,
                    from_schedule,
                    ..request(&name, 400, result)
                });
            }
        }
        recorder.record_task(&run(&format!("C{}", number % 70), &name, number % 2 == 0));
        recorder.count(&name, 1);
        recorder.gauge(&name, 1.0, Duration::ZERO);
        recorder.trend(&name, -1.0);
    }
    let mut snapshot = snapshot(&recorder.drain());
    let report = Arc::make_mut(snapshot.report.as_mut().expect("given"));
    report.classes = (0..1_000).map(|number| class(&format!("C{number}"), 2)).collect();
    let rule = report.thresholds[0].clone();
    let rule = |number: u32| {
        let expression = format!("p95 < {}ms", number / 2).parse().expect("valid");
        ThresholdEntry { expression, passed: number != 999, ..rule.clone() }
    };
    report.thresholds = (2..1_000).map(rule).collect();
    snapshot
}
