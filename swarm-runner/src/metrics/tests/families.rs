//! What is shown of a run, whatever format it is written in.

use super::runs::{crowded, snapshot};
use crate::metrics::families::families as families_of;
use crate::metrics::family::{Family, Label, MOST, Number, Points};
use crate::sample_report;
use std::collections::HashSet;
use std::sync::Arc;
use swarm_core::engine::{RunState, Snapshot};
use swarm_core::stats::{Delta, Histogram, Histograms, MetricEntry, MetricFigures, OTHER};

/// Labels and values of a family of single numbers.
fn numbers(families: &[Family], name: &str) -> Vec<(Vec<Label>, Number)> {
    let family = families.iter().find(|family| family.name == name).expect("there is one");
    match &family.points {
        Points::Counter(points) | Points::Gauge(points) => {
            points.iter().map(|point| (point.labels.clone(), point.value)).collect()
        }
        other => panic!("{name} is no family of numbers: {other:?}"),
    }
}

/// The sum of those whose label is this, or of all.
fn sum(families: &[Family], name: &str, (label, text): (&str, &str)) -> u64 {
    let all = numbers(families, name);
    let wanted =
        all.iter().filter(|(labels, _)| labels.iter().any(|it| *it == (label, text.into())));
    let value = |(_, number): &(_, Number)| match number {
        Number::Whole(value) => *value,
        Number::Real(value) => panic!("{value} is not counted"),
    };
    wanted.map(value).sum()
}

/// How many series a family has in Prometheus.
fn series(family: &Family) -> usize {
    match &family.points {
        Points::Counter(points) | Points::Gauge(points) => points.len(),
        Points::Histogram(points) => points.len() * (Histogram::BOUNDS_S.len() + 3),
        Points::Info(_) => 1,
        Points::StateSet(states) => states.len(),
    }
}

#[test]
fn counters_and_histograms_are_those_of_the_report() {
    let snapshot = snapshot(&sample_report::figures());
    let families = families_of(&snapshot);
    let report = snapshot.report.as_ref().expect("given");
    assert_eq!(sum(&families, "swarm_requests", ("result", "failed")), 10);
    assert_eq!(sum(&families, "swarm_requests", ("result", "interrupted")), 1);
    let http = sum(&families, "swarm_requests", ("kind", "http"));
    let probe = sum(&families, "swarm_requests", ("kind", "probe"));
    assert_eq!(http + probe, report.totals.requests + report.totals.interrupted);
    assert_eq!(sum(&families, "swarm_response", ("name", "/item/{id}")), 100_000);
    assert_eq!(sum(&families, "swarm_responses", ("status", "200")), 1_011);
    assert_eq!(numbers(&families, "swarm_dropped_iterations")[0].1, Number::Whole(12));
    assert_eq!(numbers(&families, "swarm_missed_iterations")[0].1, Number::Whole(3));
    assert_eq!(sum(&families, "swarm_users", ("class", "Shopper")), 50);
    assert_eq!(sum(&families, "swarm_exceptions", ("", "")), 0);
    assert_eq!(numbers(&families, "swarm_exceptions")[0].1, Number::Whole(1));
    assert_eq!(sum(&families, "swarm_custom", ("name", "items_bought")), 1_204);
    assert_eq!(numbers(&families, "swarm_custom_trend").len(), 8);
    let kept = numbers(&families, "swarm_threshold_kept");
    assert_eq!(
        kept.iter().map(|(_, kept)| *kept).collect::<Vec<_>>(),
        [1, 0, 0].map(Number::Whole)
    );
    let times = families.iter().find(|family| family.name == "swarm_request_duration");
    let Some(Family { points: Points::Histogram(points), .. }) = times else { panic!("{times:?}") };
    for point in points {
        let [.., (_, name)] = &point.labels[..] else { panic!("{point:?}") };
        let row = report.requests.iter().find(|row| row.name == *name).expect("known");
        assert_eq!(point.value.count, row.totals.requests, "{name}");
    }
}

#[test]
fn before_the_first_run_there_is_its_state() {
    let families = families_of(&Snapshot::default());
    let names: Vec<_> = families.iter().map(|family| family.name).collect();
    assert!(names.contains(&"swarm_run_state") && !names.contains(&"swarm_requests"), "{names:?}");
    let Points::StateSet(states) = &families[0].points else { panic!("{families:?}") };
    assert_eq!(states[0], ("ready", true));
    assert_eq!(states.iter().filter(|(_, is_it)| *is_it).count(), 1);
}

#[test]
fn whatever_a_load_test_does_series_are_bounded_and_sums_are_whole() {
    let snapshot = crowded();
    let families = families_of(&snapshot);
    let all: usize = families.iter().map(series).sum();
    assert!((25_000..30_000).contains(&all), "{all}");
    let report = snapshot.report.as_ref().expect("given");
    let [ok, failed] = ["ok", "failed"].map(|it| sum(&families, "swarm_requests", ("result", it)));
    assert_eq!([ok, failed], [20_000, 20_000]);
    assert_eq!(sum(&families, "swarm_requests", ("name", "/0")), 12, "told apart");
    assert_eq!(sum(&families, "swarm_requests", ("name", "/4999")), 0);
    let others = (5_000 * 4 - Histograms::MOST as u64) * 3;
    assert_eq!(sum(&families, "swarm_requests", ("name", OTHER)), others);
    assert_eq!(sum(&families, "swarm_task_runs", ("result", "ok")), 2_500);
    assert_eq!(sum(&families, "swarm_task_runs", ("class", OTHER)), 5_000 - MOST as u64);
    assert_eq!(sum(&families, "swarm_users", ("class", OTHER)), (1_000 - MOST as u64) * 2);
    assert_eq!(sum(&families, "swarm_threshold_kept", ("threshold", OTHER)), 0, "one is not kept");
    let kept = numbers(&families, "swarm_threshold_kept");
    assert_eq!(kept.len(), MOST + 1, "each expression once");
    assert_eq!(report.metrics.len(), 3 * 501);
    for family in &families {
        let labels: Vec<_> = match &family.points {
            Points::Counter(points) | Points::Gauge(points) => {
                points.iter().map(|point| &point.labels).collect()
            }
            Points::Histogram(points) => points.iter().map(|point| &point.labels).collect(),
            Points::Info(_) | Points::StateSet(_) => Vec::new(),
        };
        let distinct: HashSet<_> = labels.iter().collect();
        assert_eq!(distinct.len(), labels.len(), "{}", family.name);
    }
}

#[test]
fn a_figure_of_each_sort_has_its_family() {
    let mut snapshot = snapshot(&Delta::default());
    let report = Arc::make_mut(snapshot.report.as_mut().expect("given"));
    let gauge = MetricFigures::Gauge { count: 2, last: 3.5, min: 1.0, max: 4.0, mean: 2.0 };
    report.metrics = vec![MetricEntry { name: "a \"b\"\n".to_owned(), figures: gauge }];
    let families = families_of(&snapshot);
    let values = numbers(&families, "swarm_custom_value");
    assert_eq!(values, [(vec![("name", "a \"b\"\n".to_owned())], Number::Real(3.5))]);
    assert_eq!(numbers(&families, "swarm_generator_cpu")[0].1, Number::Real(0.25));
    snapshot.state = RunState::Stopped;
    let families = families_of(&snapshot);
    assert_eq!(numbers(&families, "swarm_generator_cpu"), [], "there is no load any more");
}
