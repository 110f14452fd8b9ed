//! The page in one file: that it is small, holds the figures of the result, and lets nothing of it become markup. How it looks the tests in a browser say.

use crate::exports::html::text;
use crate::sample_report::report;
use serde_json::Value;
use swarm_core::report::Report;
use swarm_core::stats::{EntryPoint, HistoryPoint};

/// The data in a file.
fn data(html: &str) -> Value {
    let (_, data) =
        html.split_once(r#"<script type="application/json" id="report">"#).expect("there");
    let (data, _) = data.split_once("</script>").expect("closed");
    assert!(!data.contains('<'));
    serde_json::from_str(data).expect("JSON")
}

fn heat() -> Value {
    serde_json::json!([[39, 2], [47, 1]])
}

fn second(t_s: f64) -> HistoryPoint {
    let rps = t_s % 10.0;
    let point = serde_json::json!({
        "t_s": t_s, "users": t_s as u32, "in_flight": 1, "dropped_per_s": 0.0, "rps": rps,
        "failures_per_s": 0.5, "p50": t_s, "p95": t_s, "heat": heat(),
    });
    serde_json::from_value(point).expect("a point")
}

fn of_entry(t_s: f64) -> EntryPoint {
    let point = serde_json::json!({
        "t_s": t_s, "rps": 3.0, "failures_per_s": 1.0, "p50": 1.5, "p95": 2.5, "p99": 3.5,
        "max": t_s, "heat": heat(),
    });
    serde_json::from_value(point).expect("a point")
}

#[test]
fn it_holds_the_figures_of_the_result() {
    let report = report();
    let html = text(&report);
    assert!(html.len() < 400_000, "{}", html.len());
    let saved = data(&html);
    let read: Report = serde_json::from_value(saved["report"].clone()).expect("a report");
    let Report { totals, requests, .. } = &report;
    assert_eq!(read.totals.response_time_ms, totals.response_time_ms);
    assert_eq!((read.totals.requests, read.totals.histogram.as_ref()), (totals.requests, None));
    assert_eq!(read.requests.len(), requests.len());
    assert_eq!(read.requests[0].totals.phases_ms, requests[0].totals.phases_ms);
    assert_eq!((read.tasks, read.failures), (report.tasks, report.failures));
    assert_eq!((read.run, read.outcome), (report.run, report.outcome));
    assert_eq!(saved["left_out"]["requests"], 0);
}

#[test]
fn names_can_neither_end_the_script_nor_begin_a_comment() {
    let mut report = report();
    let hostile = "</script><script>alert(1)</script><!-- <script> ]]>&lt;\u{2028}\0";
    report.requests[0].name = hostile.to_owned();
    report.failures[0].error = hostile.to_owned();
    let html = text(&report);
    assert_eq!((html.matches("<script").count(), html.matches("</script>").count()), (2, 2));
    assert_eq!(html.matches("<!--").count(), 0);
    let names = data(&html)["report"]["requests"].as_array().expect("rows").clone();
    assert!(names.iter().any(|row| row["name"] == hostile));
}

#[test]
fn a_long_run_has_fewer_points_and_no_peak_is_lost() {
    let mut report = report();
    report.history = (1..=3_600).map(|second_of| second(f64::from(second_of))).collect();
    let points = (1..=3_600).filter(|second_of| second_of % 3 == 0).map(f64::from);
    report.requests[0].history = Some(points.map(of_entry).collect());
    let html = text(&report);
    let saved = data(&html);
    let read: Report = serde_json::from_value(saved["report"].clone()).expect("a report");
    assert_eq!(read.history.len(), 600);
    let last = read.history.last().expect("points");
    assert_eq!((last.t_s, last.users, last.p95), (3_600.0, 3_600, Some(3_600.0)));
    let mean = read.history.iter().map(|point| point.rps).sum::<f64>() / 600.0;
    assert!((mean - 4.5).abs() < 1e-9, "{mean}");

    let mut many = report.clone();
    many.requests = (0..20)
        .map(|number| {
            let mut row = report.requests[0].clone();
            row.name = format!("/{number}");
            row
        })
        .collect();
    let read: Report = serde_json::from_value(data(&text(&many))["report"].clone()).expect("one");
    let points: usize =
        read.requests.iter().map(|row| row.history.as_ref().map_or(0, Vec::len)).sum();
    assert!((500..=2_000).contains(&points), "{points}");
    let history = read.requests[7].history.as_ref().expect("points");
    let step = history[1].t_s - history[0].t_s;
    let counted: f64 = history.iter().map(|point| point.rps * step).sum();
    // The last slot ends with the run.
    assert!((counted - 3.0 * 3_600.0).abs() < 3.0 * step, "{counted}, {step}");
    assert_eq!(history.last().map(|point| (point.t_s, point.max)), Some((3_600.0, 3_600.0)));
}

#[test]
fn fifty_thousand_names_fit_and_those_that_failed_are_among_them() {
    let mut report = report();
    report.history = (1..=3_600).map(|second_of| second(f64::from(second_of))).collect();
    let row = report.requests[0].clone();
    let rows = (0..50_000).map(|number| {
        let mut row = row.clone();
        row.name = format!("/products/{number}/with-a-name-of-some-length");
        row.totals.failures = u64::from(number == 49_999);
        row.history = Some((1..=10).map(f64::from).map(of_entry).collect());
        row
    });
    report.requests.extend(rows);
    let failure = report.failures[0].clone();
    report.failures = vec![failure; 50_000];
    let html = text(&report);
    assert!(html.len() < 3_000_000, "{}", html.len());
    let saved = data(&html);
    let shown = saved["report"]["requests"].as_array().expect("rows");
    assert!(shown.len() > 500, "{}", shown.len());
    assert_eq!(saved["left_out"]["requests"], report.requests.len() - shown.len());
    assert!(saved["left_out"]["failures"].as_u64() > Some(0));
    assert!(
        shown
            .last()
            .is_some_and(|row| row["name"].as_str().is_some_and(|name| name.contains("49999")))
    );
}
