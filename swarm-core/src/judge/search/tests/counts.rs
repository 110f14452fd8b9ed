//! What a second's figures say of the criteria.

use super::services::goal;
use crate::judge::search::Counted;
use crate::stats::{Kind, Phases, Recorder, Sample, SampleResult, TaskRun};
use std::time::Duration;

#[test]
fn requests_are_counted_as_thresholds_judge_them() {
    let mut recorder = Recorder::default();
    let mut record = |kind, name, ms: u64, result| {
        recorder.record(&Sample {
            kind,
            method: "GET",
            name,
            response_time: Duration::from_millis(ms),
            from_schedule: None,
            phases: Phases::default(),
            bytes: 0,
            status: None,
            result,
        });
    };
    let (ok, failed, cut) =
        (SampleResult::Ok, SampleResult::Failed("500"), SampleResult::Interrupted);
    for (ms, result) in [
        (10, ok),
        (249, ok),
        // The bound itself is not below it.
        (250, ok),
        (900, ok),
        // What failed or was cut off counts if it was above the bound by then.
        (1, failed),
        (900, failed),
        (1, cut),
        (900, cut),
    ] {
        record(Kind::Http, "/", ms, result);
    }
    record(Kind::Http, "/other", 10, ok);
    record(Kind::Auth, "/login", 900, failed);
    let run = TaskRun {
        class: "Shopper",
        task: "buy",
        duration: Duration::from_millis(300),
        from_schedule: None,
        start_delay: None,
        failed: false,
    };
    recorder.record_task(&run);
    recorder.record_task(&TaskRun { failed: true, ..run });
    let criteria = "p95 < 250ms, failures < 1%, p50(\"GET /other\") < 5ms, p95(\"Shopper\") < 1s";
    let second = goal(criteria).second(&recorder.drain());
    let counted = |[over, of]: [u64; 2]| Counted { over, of };
    assert_eq!(second.counts, [[4, 7], [2, 7], [1, 1], [0, 1]].map(counted));
    assert_eq!((second.iterations, second.failures, second.times.count()), (2, 2, 7));
    let of_login = second.requests.iter().find(|(key, _)| &*key.name == "/login");
    assert_eq!(of_login.map(|(_, counts)| counts[0]), Some(Counted::default()));
}
