//! The result of a run, for tests of what is made from it.

use std::collections::BTreeMap;
use std::time::Duration;
use swarm_core::clock::Timestamp;
use swarm_core::judge::{Health, Outcome, ThresholdEntry, Validity};
use swarm_core::plan::RunSpec;
use swarm_core::report::{Report, Run};
use swarm_core::stats::{
    Delta, Kind, Ledger, Observed, ObservedSeries, ObservedValues, Phases, Presence, Recorder,
    Sample, SampleResult, Timeline,
};
use swarm_core::threshold::Threshold;

/// A report of a run of ten seconds with 1,000 and some requests.
pub(crate) fn report() -> Report {
    of(&figures()).0
}

/// The figures of that run.
pub(crate) fn figures() -> Delta {
    let mut recorder = Recorder::default();
    let micros = Duration::from_micros;
    let sample = |kind, method, name, time| Sample {
        kind,
        method,
        name,
        response_time: micros(time),
        from_schedule: None,
        phases: Phases::default(),
        bytes: 100,
        status: Some(200),
        result: SampleResult::Ok,
    };
    for index in 1..=1_000 {
        recorder.record(&sample(Kind::Http, "GET", "/item/{id}", index * 1_000));
    }
    for _ in 0..10 {
        let result = SampleResult::Failed("500 Internal Server Error");
        recorder.record(&Sample { result, ..sample(Kind::Http, "POST", "/checkout", 420) });
    }
    recorder.record(&sample(Kind::Auth, "POST", "/login", 81_500));
    let cut = SampleResult::Interrupted;
    recorder.record(&Sample { result: cut, ..sample(Kind::Http, "GET", "/slow", 9_000_000) });
    let query = sample(Kind::Probe, "SQL", "newest books", 1_300);
    recorder.record(&Sample { status: None, ..query });
    recorder.record(&Sample { status: None, ..sample(Kind::Step, "STEP", "buy", 2_600) });
    (0..12).for_each(|_| recorder.dropped());
    recorder.missed("Shopper", "buy", 3);
    recorder.count("items_bought", 1_204);
    [17.0, 21.5, 3.0].iter().for_each(|length| recorder.gauge("queue_length", *length, micros(1)));
    (-10..=90).for_each(|value| recorder.trend("basket_value", f64::from(value)));
    recorder.exception("Shopper", "buy", "panicked at src/users.rs:9:5: no wallet");
    recorder.drain()
}

/// A report of a run of ten seconds with these figures, and the ledger that it was made of.
pub(crate) fn of(delta: &Delta) -> (Report, Ledger) {
    let mut ledger = Ledger::default();
    ledger.add(delta);
    let mut timeline = Timeline::default();
    let presence = Presence { users: 50, wanted: 50, in_flight: 7 };
    timeline.push(9, presence, delta, Duration::from_secs(1));
    let summary = ledger.summary(Duration::from_secs(10), false);
    let now = Timestamp::now();
    let report = Report {
        schema: Report::SCHEMA,
        swarm: String::new(),
        run: Run {
            spec: RunSpec::new(Vec::new()),
            started_at: now,
            ended_at: now,
            measured_from_s: 0.0,
            duration_s: 10.04,
        },
        thresholds: thresholds(),
        capacity: None,
        outcome: Outcome {
            exit_code: 1,
            reasons: vec!["10 of 1010 requests failed".to_owned()],
            validity: Validity::Valid,
            health: Health::default(),
        },
        totals: summary.totals,
        requests: summary.requests,
        wire: summary.wire,
        tasks: summary.tasks,
        classes: Vec::new(),
        failures: summary.failures,
        slowest: Vec::new(),
        exceptions: summary.exceptions,
        metrics: summary.metrics,
        history: timeline.points().to_vec(),
        observed: vec![observed()],
        marks: Vec::new(),
    };
    (report, ledger)
}

/// A CPU that is busy from the first second to the last.
fn observed() -> ObservedSeries {
    let labels = BTreeMap::from([("instance".to_owned(), "db:9100".to_owned())]);
    let values = (1..=10).map(|second| (f64::from(second), 0.1 * f64::from(second))).collect();
    let query = "rate(cpu_seconds_total[30s])".to_owned();
    let new = ObservedValues { name: "CPU".to_owned(), query, labels, values };
    let mut observed = Observed::default();
    observed.add(new, 0.0, &(0.0..10.0));
    observed.series().remove(0)
}

fn thresholds() -> Vec<ThresholdEntry> {
    let entry = |text: &str, value, passed, first_failed_s| {
        let expression: Threshold = text.parse().expect("valid");
        let bound = expression.bound;
        ThresholdEntry { expression, value, bound, passed, first_failed_s, failed_for_s: 61 }
    };
    vec![
        entry("failures < 1%", Some(0.990_099), true, None),
        entry("p95 < 250ms over 30s", Some(950.27), false, Some(9)),
        entry("p95(\"GET /nope\") < 1s", None, false, None),
    ]
}
