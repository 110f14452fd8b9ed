//! What is shown of requests and their answers.

use super::family::{Family, Label, Point, Unit};
use std::collections::HashMap;
use swarm_core::report::Report;
use swarm_core::stats::{Histogram, Histograms, Kind, OTHER, RequestKey, Totals};

/// A row of the report, and the labels that it is counted under.
type Row<'a> = (Vec<Label>, &'a Totals);

pub(super) fn families(report: &Report, histograms: &Histograms) -> Vec<Family> {
    let rows = rows(report, histograms);
    let of =
        |part: fn(&Totals) -> u64| rows.iter().map(move |(labels, it)| (labels.clone(), part(it)));
    let ended = |result: &'static str, part| {
        of(part).map(move |(labels, sum)| (with(labels, "result", result.to_owned()), sum))
    };
    let results = ended("ok", |it: &Totals| it.requests - it.failures)
        .chain(ended("failed", |it| it.failures))
        .chain(ended("interrupted", |it| it.interrupted));
    let times = |rows: &[(RequestKey, Histogram)]| {
        let point = |(key, times): &(RequestKey, Histogram)| Point {
            labels: labels(key.kind, &key.method, &key.name),
            value: times.clone(),
        };
        rows.iter().map(point).collect()
    };
    let answers = report.requests.iter().flat_map(|row| {
        let labels = |status: &u16| vec![("kind", word(row.kind)), ("status", status.to_string())];
        row.totals.status.iter().map(move |(status, count)| (labels(status), *count))
    });
    vec![
        Family::counts(
            "swarm_requests",
            "Requests by how they ended, each with its redirects and retries. Those that are interrupted were cut off.",
            results,
        ),
        Family::times(
            "swarm_request_duration",
            "Response times of requests that ended ok or failed, until the whole answer was read.",
            times(&histograms.requests),
        ),
        Family::times(
            "swarm_request_scheduled_duration",
            "Response times from when requests were due, where any had a due time: waiting for a free user is in them.",
            times(&histograms.from_schedule),
        ),
        Family::counts("swarm_response", "Bytes of the bodies of answers.", of(|it| it.bytes))
            .in_unit(Unit::Bytes),
        Family::counts("swarm_responses", "Answers by their HTTP status.", answers),
    ]
}

/// The rows of requests. What is told apart is what has a histogram of its own.
fn rows<'a>(report: &'a Report, histograms: &Histograms) -> Vec<Row<'a>> {
    let keys = histograms.requests.iter().map(|(key, _)| key);
    let known: HashMap<_, _> = keys
        .map(|key @ RequestKey { kind, method, name }| ((*kind, &**method, &**name), key))
        .collect();
    let rows = report.requests.iter().map(|row| {
        let (kind, method, name) = (row.kind, row.method.as_str(), row.name.as_str());
        let labels = match known.contains_key(&(kind, method, name)) {
            true => labels(kind, method, name),
            false => labels(kind, OTHER, OTHER),
        };
        (labels, &row.totals)
    });
    rows.collect()
}

fn labels(kind: Kind, method: &str, name: &str) -> Vec<Label> {
    vec![("kind", word(kind)), ("method", method.to_owned()), ("name", name.to_owned())]
}

fn word(kind: Kind) -> String {
    let word = match kind {
        Kind::Http => "http",
        Kind::Probe => "probe",
        Kind::Auth => "auth",
        Kind::Step => "step",
    };
    word.to_owned()
}

/// The same, and one more.
pub(super) fn with(mut labels: Vec<Label>, name: &'static str, value: String) -> Vec<Label> {
    labels.push((name, value));
    labels
}
