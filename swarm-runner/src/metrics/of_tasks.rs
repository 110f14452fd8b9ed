//! What is shown of runs of tasks, of classes, and of figures of the load test's own.

use super::family::{Family, Label, MOST, Number, Point, Points, Unit};
use swarm_core::report::{ClassEntry, Report};
use swarm_core::stats::{Histograms, MetricFigures, OTHER, TaskEntry};

pub(super) fn tasks(report: &Report, histograms: &Histograms) -> Vec<Family> {
    let is_told_apart = |row: &TaskEntry| {
        histograms.tasks.iter().any(|(key, _)| *key.class == *row.class && *key.task == *row.task)
    };
    let labels =
        |class: &str, task: &str| vec![("class", class.to_owned()), ("task", task.to_owned())];
    let of = |result: &'static str, part: fn(&TaskEntry) -> u64| {
        report.tasks.iter().map(move |row| {
            let mut labels = match is_told_apart(row) {
                true => labels(&row.class, &row.task),
                false => labels(OTHER, OTHER),
            };
            labels.push(("result", result.to_owned()));
            (labels, part(row))
        })
    };
    let times = histograms
        .tasks
        .iter()
        .map(|(key, times)| Point { labels: labels(&key.class, &key.task), value: times.clone() });
    vec![
        Family::counts(
            "swarm_task_runs",
            "Runs of tasks by how they ended: failed is an error or a panic.",
            of("ok", |row| row.runs - row.errors).chain(of("failed", |row| row.errors)),
        ),
        Family::times(
            "swarm_task_duration",
            "Durations of runs of tasks, from the real start, without declared waits.",
            times.collect(),
        ),
    ]
}

pub(super) fn classes(report: &Report) -> Vec<Family> {
    let of = |part: fn(&ClassEntry) -> u32| {
        report.classes.iter().enumerate().map(move |(place, class)| {
            let name = if place < MOST { class.name.as_str() } else { OTHER };
            (vec![("class", name.to_owned())], u64::from(part(class)))
        })
    };
    vec![
        Family::numbers(
            "swarm_users",
            "Users there are, those that are still logging in too.",
            of(|class| class.users),
        ),
        Family::numbers(
            "swarm_wanted_users",
            "Users that the load goes to or holds; those that arriving iterations need are not planned.",
            of(|class| class.wanted),
        ),
    ]
}

/// Counters, gauges and trends of the load test's own. The run itself bounds them.
pub(super) fn custom(report: &Report) -> Vec<Family> {
    let mut sums = Vec::new();
    let (mut values, mut trends, mut counts) = (Vec::new(), Vec::new(), Vec::new());
    for row in &report.metrics {
        let name: Label = ("name", row.name.clone());
        let point = |value, stat: Option<&str>| Point {
            labels: [name.clone()]
                .into_iter()
                .chain(stat.map(|it| ("stat", it.to_owned())))
                .collect(),
            value: Number::Real(value),
        };
        match row.figures {
            MetricFigures::Counter { total, .. } => sums.push((vec![name], total)),
            MetricFigures::Gauge { last, .. } => values.push(point(last, None)),
            MetricFigures::Trend { count, min, max, mean, p50, p90, p95, p99, p99_9 } => {
                let stats = [
                    ("min", min),
                    ("mean", mean),
                    ("p50", p50),
                    ("p90", p90),
                    ("p95", p95),
                    ("p99", p99),
                    ("p99.9", p99_9),
                    ("max", max),
                ];
                trends.extend(stats.map(|(stat, value)| point(value, Some(stat))));
                counts.push((vec![name], count));
            }
        }
    }
    let gauge = |name, help, points| Family {
        name,
        help,
        unit: Unit::Things,
        points: Points::Gauge(points),
    };
    vec![
        Family::counts("swarm_custom", "Counters of the load test's own.", sums),
        gauge(
            "swarm_custom_value",
            "Gauges of the load test's own: the last value of each.",
            values,
        ),
        gauge(
            "swarm_custom_trend",
            "Trends of the load test's own: bounds, mean and percentiles of all values so far.",
            trends,
        ),
        Family::counts("swarm_custom_trend_values", "Values that trends were made of.", counts),
    ]
}
