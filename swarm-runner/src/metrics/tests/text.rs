//! Metrics as text.

use super::runs::{crowded, request, snapshot};
use crate::metrics::families::families;
use crate::metrics::openmetrics::Format;
use crate::sample_report;
use proptest::prelude::*;
use std::collections::HashSet;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;
use swarm_core::engine::Snapshot;
use swarm_core::stats::{Recorder, SampleResult};

/// Names that a parser may stumble over.
const HOSTILE: [&str; 8] = [
    "/a \"b\"",
    "/back\\slash\\",
    "/two\nlines\r\n# EOF\n",
    "/{id}=\"x\",le=\"0.1\"} 7 # {}",
    "/ünïcode/漢字/🐝",
    "",
    "/\u{2028}\t\u{0}\u{7f}",
    "/\\n",
];

/// A run with hostile names.
fn hostile() -> Snapshot {
    let mut recorder = Recorder::default();
    for name in HOSTILE {
        recorder.record(&request(name, 1_500, SampleResult::Ok));
        recorder.count(name, 2);
        recorder.trend(name, -2.5);
    }
    snapshot(&recorder.drain())
}

/// The same with a time that is always the same.
fn sample() -> Snapshot {
    let mut snapshot = snapshot(&sample_report::figures());
    let report = Arc::make_mut(snapshot.report.as_mut().expect("given"));
    report.run.started_at = serde_json::from_str("\"2026-11-23T20:18:31.123Z\"").expect("a time");
    report.run.spec.host = Some("http://localhost:8080".to_owned());
    snapshot
}

/// What a label's value was before it was written.
fn unescaped(text: &str) -> String {
    let (mut out, mut letters) = (String::new(), text.chars());
    while let Some(letter) = letters.next() {
        out.push(match letter {
            '\\' => match letters.next().expect("something is escaped") {
                'n' => '\n',
                escaped => escaped,
            },
            letter => letter,
        });
    }
    out
}

#[test]
fn a_run_is_written_in_both_formats() {
    let families = families(&sample());
    let text = Format::OpenMetrics.text(&families);
    insta::assert_snapshot!(text);
    let samples = |text: &str| {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let older = Format::Text.text(&families);
    assert_eq!(samples(&older), samples(&text), "names, labels and values are the same");
    assert!(older.contains("# TYPE swarm_requests_total counter\n"), "{older}");
    assert!(older.contains("# TYPE swarm_run_info gauge\n"), "{older}");
    assert!(!older.contains("# UNIT") && !older.contains("# EOF"), "{older}");
}

#[test]
fn a_client_gets_the_format_that_it_wants_most() {
    let prometheus = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
    let prometheus_3 = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
    for accept in [
        prometheus,
        prometheus_3,
        "application/openmetrics-text",
        "Application/OpenMetrics-Text; Version=\"1.0.0\"; charset=utf-8",
        "text/plain, application/openmetrics-text; version=1.0.0",
    ] {
        assert_eq!(Format::wanted([accept]), Format::OpenMetrics, "{accept}");
    }
    for accept in [
        "",
        "*/*",
        "text/html,*/*;q=0.8",
        "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        "application/openmetrics-text;version=0.0.1",
        "application/openmetrics-text;q=0",
        "application/openmetrics-text;q=what",
        "application/openmetrics-text;q=0.3, text/plain;q=0.5",
    ] {
        assert_eq!(Format::wanted([accept]), Format::Text, "{accept}");
    }
    assert_eq!(
        Format::wanted(["text/plain;q=0.1", "application/openmetrics-text"]),
        Format::OpenMetrics
    );
    assert_eq!(Format::wanted([]), Format::Text);
}

#[test]
fn hostile_names_stay_values_of_labels() {
    let text = Format::OpenMetrics.text(&families(&hostile()));
    let ends = text.split('\n').filter(|line| line.starts_with("# EOF"));
    assert_eq!(ends.count(), 1, "{text}");
    assert!(text.ends_with("\n# EOF\n"));
    let names: HashSet<String> = text
        .split('\n')
        .filter_map(|line| line.strip_prefix("swarm_custom_total{name=\""))
        .filter_map(|line| line.strip_suffix("\"} 2"))
        .map(unescaped)
        .collect();
    assert_eq!(names, HOSTILE.map(str::to_owned).into());
}

#[test]
fn promtool_finds_nothing_to_say() {
    for snapshot in [Snapshot::default(), sample(), hostile(), crowded()] {
        let text = Format::Text.text(&families(&snapshot));
        let mut promtool = Command::new("promtool")
            .args(["check", "metrics"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("promtool: run scripts/install");
        promtool.stdin.take().expect("piped").write_all(text.as_bytes()).expect("it reads");
        let said = promtool.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned();
        assert_eq!(said, "");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    /// Each line is a comment of ours or a sample whose name is in one of them, whatever stands in labels; and no line is there twice.
    #[test]
    fn each_line_is_a_comment_or_a_sample(names in proptest::collection::vec("\\PC*|.*", 1..8)) {
        let mut recorder = Recorder::default();
        for name in &names {
            recorder.record(&request(name, 900, SampleResult::Failed(name)));
            recorder.gauge(name, 0.1, std::time::Duration::ZERO);
        }
        let text = Format::OpenMetrics.text(&families(&snapshot(&recorder.drain())));
        let mut seen = HashSet::new();
        let mut family = "";
        for line in text.strip_suffix("# EOF\n").expect("an end").split_terminator('\n') {
            if let Some(comment) = line.strip_prefix("# ") {
                let mut words = comment.split(' ');
                prop_assert!(matches!(words.next(), Some("HELP" | "TYPE" | "UNIT")), "{line}");
                family = words.next().unwrap_or_default();
                continue;
            }
            let name = line.split(['{', ' ']).next().unwrap_or_default();
            prop_assert!(name.starts_with(family), "{line} in {family}");
            let (labels, value) = line.rsplit_once(' ').expect("a value");
            prop_assert!(value.parse::<f64>().is_ok(), "{line}");
            prop_assert!(seen.insert(labels.to_owned()), "twice: {line}");
        }
    }
}
