//! The families that a run shows, as metrics of OpenTelemetry's: sums and histograms since the run's figures began, gauges for all else.

use super::wire::{
    Data, ExportMetricsServiceRequest, Gauge, Histogram, HistogramDataPoint, InstrumentationScope,
    KeyValue, Measured, Metric, NumberDataPoint, Resource, ResourceMetrics, ScopeMetrics, Sum,
    Temporality,
};
use crate::metrics::{Family, Label, Number, Point, Points, Unit, families};
use std::time::{SystemTime, UNIX_EPOCH};
use swarm_core::engine::Snapshot;
use swarm_core::stats;

/// Since when sums are, and when they are told; in nanoseconds since the epoch.
#[derive(Clone, Copy)]
struct Times {
    start: u64,
    now: u64,
}

/// A message with all that a snapshot shows.
pub(super) fn message(resource: &Resource, snapshot: &Snapshot) -> ExportMetricsServiceRequest {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = u64::try_from(now.as_nanos()).unwrap_or(u64::MAX);
    let run = snapshot.report.as_ref().map(|report| &report.run);
    let start = run.map_or(now, |run| {
        let measured_from = (run.measured_from_s * 1e9) as u64;
        run.started_at.millis().saturating_mul(1_000_000).saturating_add(measured_from)
    });
    // The figures of a warm-up begin at its end.
    let times = Times { start: start.min(now), now };
    let families = families(snapshot).into_iter().filter(|family| !is_empty(family));
    let metrics = families.map(|family| metric(family, times)).collect();
    let scope = Some(InstrumentationScope::swarm());
    ExportMetricsServiceRequest {
        resource_metrics: vec![ResourceMetrics {
            resource: Some(resource.clone()),
            scope_metrics: vec![ScopeMetrics { scope, metrics }],
        }],
    }
}

/// Whether there is nothing of it yet.
fn is_empty(family: &Family) -> bool {
    match &family.points {
        Points::Counter(points) | Points::Gauge(points) => points.is_empty(),
        Points::Histogram(points) => points.is_empty(),
        Points::Info(_) | Points::StateSet(_) => false,
    }
}

fn metric(family: Family, times: Times) -> Metric {
    let number = |point: Point<Number>| number(point.labels, point.value, times);
    let gauge = |data_points| Data::Gauge(Gauge { data_points });
    let one = |labels| self::number(labels, Number::Whole(1), times);
    let data = match family.points {
        Points::Counter(points) => Data::Sum(Sum {
            data_points: points.into_iter().map(number).collect(),
            aggregation_temporality: Temporality::Cumulative.into(),
            is_monotonic: true,
        }),
        Points::Gauge(points) => gauge(points.into_iter().map(number).collect()),
        Points::Histogram(points) => Data::Histogram(Histogram {
            data_points: points.into_iter().map(|point| histogram(point, times)).collect(),
            aggregation_temporality: Temporality::Cumulative.into(),
        }),
        Points::Info(labels) => gauge(vec![one(labels)]),
        Points::StateSet(states) => {
            let state = |(state, is_it): (&str, bool)| {
                let labels = vec![("state", state.to_owned())];
                self::number(labels, Number::Whole(is_it.into()), times)
            };
            gauge(states.into_iter().map(state).collect())
        }
    };
    Metric {
        name: dotted(family.name),
        description: family.help.to_owned(),
        unit: unit(family.unit).to_owned(),
        data: Some(data),
    }
}

/// `swarm_request_duration` is `swarm.request.duration`, and `swarm_run_start_time` is `swarm.run.start_time`.
fn dotted(name: &str) -> String {
    name.replacen('_', ".", 2)
}

/// As UCUM writes it.
fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Things | Unit::Ratio => "1",
        Unit::Seconds => "s",
        Unit::Bytes => "By",
    }
}

fn number(labels: Vec<Label>, value: Number, times: Times) -> NumberDataPoint {
    let value = match value {
        Number::Whole(value) => Measured::Int(i64::try_from(value).unwrap_or(i64::MAX)),
        Number::Real(value) => Measured::Double(value),
    };
    NumberDataPoint {
        start_time_unix_nano: times.start,
        time_unix_nano: times.now,
        value: Some(value),
        attributes: attributes(labels),
    }
}

fn histogram(point: Point<stats::Histogram>, times: Times) -> HistogramDataPoint {
    let stats::Histogram { at_most, count, sum_s } = point.value;
    // Ours count what is below too; what is above the last bound has a bucket of its own.
    let below = std::iter::once(0).chain(at_most.iter().copied());
    let up_to = at_most.iter().copied().chain([count]);
    HistogramDataPoint {
        start_time_unix_nano: times.start,
        time_unix_nano: times.now,
        count,
        sum: Some(sum_s),
        bucket_counts: up_to.zip(below).map(|(up_to, below)| up_to - below).collect(),
        explicit_bounds: stats::Histogram::BOUNDS_S.to_vec(),
        attributes: attributes(point.labels),
    }
}

fn attributes(labels: Vec<Label>) -> Vec<KeyValue> {
    labels.into_iter().map(|(key, value)| KeyValue::text(format!("swarm.{key}"), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample_report;
    use std::sync::Arc;
    use std::time::Duration;
    use swarm_core::stats::Distribution;

    #[test]
    fn buckets_count_what_lies_between_bounds() {
        let mut times = Distribution::default();
        for millis in [0, 1, 4, 4, 90_000] {
            times.record(Duration::from_millis(millis));
        }
        let times = stats::Histogram::from(&times);
        let labels = vec![("name", "a \"b\"\n".to_owned())];
        let point = histogram(Point { labels, value: times }, Times { start: 1, now: 2 });
        assert_eq!((point.count, point.sum), (5, Some(90.009)));
        assert_eq!(point.bucket_counts.len(), point.explicit_bounds.len() + 1);
        assert_eq!(point.bucket_counts.iter().sum::<u64>(), 5);
        let filled = point.bucket_counts.iter().enumerate().filter(|(_, count)| **count > 0);
        let upper = |at: usize| point.explicit_bounds.get(at).copied();
        let filled: Vec<_> = filled.map(|(at, count)| (upper(at), *count)).collect();
        assert_eq!(filled, [(Some(0.0001), 1), (Some(0.001), 1), (Some(0.005), 2), (None, 1)]);
        assert_eq!(point.attributes, [KeyValue::text("swarm.name", "a \"b\"\n")]);
    }

    #[test]
    fn sums_begin_where_figures_do() {
        let (mut report, ledger) = sample_report::of(&sample_report::figures());
        report.run.started_at = (SystemTime::now() - Duration::from_secs(10)).into();
        report.run.measured_from_s = 2.5;
        let started = report.run.started_at.millis() * 1_000_000;
        let histograms = Some(Arc::new(ledger.histograms()));
        let snapshot =
            Snapshot { report: Some(Arc::new(report)), histograms, ..Snapshot::default() };
        let message = message(&Resource::default(), &snapshot);
        let metrics = &message.resource_metrics[0].scope_metrics[0].metrics;
        let named = |name: &str| metrics.iter().find(|metric| metric.name == name).expect(name);
        let Some(Data::Sum(sum)) = &named("swarm.requests").data else { panic!("a sum") };
        assert!(sum.is_monotonic && !sum.data_points.is_empty());
        let starts = sum.data_points.iter().map(|point| point.start_time_unix_nano);
        assert!(starts.into_iter().all(|start| start == started + 2_500_000_000));
        let times = named("swarm.request.duration");
        assert_eq!(times.unit, "s");
        assert!(matches!(&times.data, Some(Data::Histogram(it)) if it.data_points.len() > 1));
        assert!(metrics.iter().all(|metric| metric.name.starts_with("swarm.")));
        let states = named("swarm.run.state");
        assert!(matches!(&states.data, Some(Data::Gauge(it)) if it.data_points.len() == 5));
    }
}
