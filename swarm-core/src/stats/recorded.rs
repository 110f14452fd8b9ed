//! Requests to be recorded in tests of what is made from them.

use super::recorder::Recorder;
use super::sample::{Kind, Phases, Sample, SampleResult};
use std::time::Duration;

/// Records a request of this name that took so long and ended so.
pub(super) fn record(recorder: &mut Recorder, name: &str, micros: u64, result: SampleResult<'_>) {
    recorder.record(&Sample {
        kind: Kind::Http,
        method: "GET",
        name,
        response_time: Duration::from_micros(micros),
        from_schedule: None,
        phases: Phases::default(),
        bytes: 0,
        status: None,
        result,
    });
}
