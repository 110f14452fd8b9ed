//! What a metric is, in whatever format it is written.

use std::collections::HashMap;
use swarm_core::stats::Histogram;

/// Entries of one sort that are told apart where the run itself does not bound them; what is beyond is one entry.
pub(super) const MOST: usize = 200;

/// Samples of one name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Family {
    /// As `swarm_request_duration`: without what a format may hang on, which is the unit, `_total` of counters and `_info`.
    pub(crate) name: &'static str,
    /// What is measured, in a line without line breaks, quotes and backslashes.
    pub(crate) help: &'static str,
    pub(crate) unit: Unit,
    pub(crate) points: Points,
}

/// What is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Things: requests, users.
    Things,
    Seconds,
    Bytes,
    /// A part of one.
    Ratio,
}

/// The samples of a family, by its kind. No two of them have the same labels.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Points {
    /// Sums since the run's figures began.
    Counter(Vec<Point<Number>>),
    /// What goes up and down.
    Gauge(Vec<Point<Number>>),
    /// Distributions since the run's figures began.
    Histogram(Vec<Point<Histogram>>),
    /// Texts that say what something is.
    Info(Vec<Label>),
    /// The states that something may have, and which of them it has.
    StateSet(Vec<(&'static str, bool)>),
}

/// A sample of what its labels name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Point<T> {
    pub(crate) labels: Vec<Label>,
    pub(crate) value: T,
}

/// A label and its value, which may be any text.
pub(crate) type Label = (&'static str, String);

/// A value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    Whole(u64),
    Real(f64),
}

impl Family {
    /// Sums of things.
    pub(super) fn counts(
        name: &'static str,
        help: &'static str,
        sums: impl IntoIterator<Item = (Vec<Label>, u64)>,
    ) -> Self {
        let points = Points::Counter(summed(sums));
        Self { name, help, unit: Unit::Things, points }
    }

    /// Numbers of things that go up and down.
    pub(super) fn numbers(
        name: &'static str,
        help: &'static str,
        sums: impl IntoIterator<Item = (Vec<Label>, u64)>,
    ) -> Self {
        let points = Points::Gauge(summed(sums));
        Self { name, help, unit: Unit::Things, points }
    }

    /// Something measured that goes up and down; none if it is not known.
    pub(super) fn gauge(
        name: &'static str,
        help: &'static str,
        unit: Unit,
        value: Option<f64>,
    ) -> Self {
        let point = |value| Point { labels: Vec::new(), value: Number::Real(value) };
        Self { name, help, unit, points: Points::Gauge(value.map(point).into_iter().collect()) }
    }

    /// Times.
    pub(super) fn times(
        name: &'static str,
        help: &'static str,
        points: Vec<Point<Histogram>>,
    ) -> Self {
        Self { name, help, unit: Unit::Seconds, points: Points::Histogram(points) }
    }

    /// The same in another unit.
    pub(super) fn in_unit(self, unit: Unit) -> Self {
        Self { unit, ..self }
    }
}

/// A sample for each set of labels, with the sum of the values that have it.
fn summed(all: impl IntoIterator<Item = (Vec<Label>, u64)>) -> Vec<Point<Number>> {
    let mut places: HashMap<Vec<Label>, usize> = HashMap::new();
    let mut sums: Vec<(Vec<Label>, u64)> = Vec::new();
    for (labels, value) in all {
        match places.get(&labels) {
            Some(place) => sums[*place].1 += value,
            None => {
                places.insert(labels.clone(), sums.len());
                sums.push((labels, value));
            }
        }
    }
    let point = |(labels, sum)| Point { labels, value: Number::Whole(sum) };
    sums.into_iter().map(point).collect()
}
