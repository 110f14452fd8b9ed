//! Families as text: OpenMetrics, and the format of Prometheus that is older. Names, labels and values are the same in both.
//!
//! There are no `_created` samples: Prometheus would keep each as a series of its own. When figures began is `swarm_run_start_time_seconds` and
//! `swarm_run_measured_from_seconds`.

use super::family::{Family, Label, Number, Point, Points, Unit};
use std::fmt::{self, Write as _};
use swarm_core::stats::Histogram;

/// A format that a scraper reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// [OpenMetrics 1.0](https://prometheus.io/docs/specs/om/open_metrics_spec/).
    OpenMetrics,
    /// The text format 0.0.4 of Prometheus.
    Text,
}

impl Format {
    /// What a client wants most, given its `Accept` headers: OpenMetrics only where it is named.
    pub(crate) fn wanted<'a>(accept: impl IntoIterator<Item = &'a str>) -> Self {
        let (mut openmetrics, mut text) = (0.0_f64, 0.0_f64);
        for wish in accept.into_iter().flat_map(|value| value.split(',')) {
            let mut parts = wish.split(';').map(str::trim);
            let media = parts.next().unwrap_or_default().to_ascii_lowercase();
            let parameters: Vec<_> = parts.filter_map(|part| part.split_once('=')).collect();
            let parameter = |name: &str| {
                let found =
                    parameters.iter().find(|(known, _)| known.trim().eq_ignore_ascii_case(name));
                found.map(|(_, value)| value.trim().trim_matches('"'))
            };
            let weight = parameter("q").map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
            let version = parameter("version");
            match media.as_str() {
                "application/openmetrics-text" if version.is_none_or(|it| it == "1.0.0") => {
                    openmetrics = openmetrics.max(weight);
                }
                "text/plain" if version.is_none_or(|it| it == "0.0.4") => text = text.max(weight),
                _ => {}
            }
        }
        if openmetrics > 0.0 && openmetrics >= text { Self::OpenMetrics } else { Self::Text }
    }

    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Self::Text => "text/plain; version=0.0.4; charset=utf-8",
        }
    }

    /// The families in this format.
    pub(crate) fn text(self, families: &[Family]) -> String {
        let mut text = String::new();
        for family in families {
            // Writing to memory can't fail.
            let _ = self.write(&mut text, family);
        }
        if self == Self::OpenMetrics {
            text.push_str("# EOF\n");
        }
        text
    }

    fn write(self, out: &mut String, Family { name, help, unit, points }: &Family) -> fmt::Result {
        let unit = match unit {
            Unit::Things => "",
            Unit::Seconds => "seconds",
            Unit::Bytes => "bytes",
            Unit::Ratio => "ratio",
        };
        let name = if unit.is_empty() { (*name).to_owned() } else { format!("{name}_{unit}") };
        let (kind, suffix) = match points {
            Points::Counter(_) => ("counter", "_total"),
            Points::Gauge(_) => ("gauge", ""),
            Points::Histogram(_) => ("histogram", ""),
            Points::Info(_) => ("info", "_info"),
            Points::StateSet(_) => ("stateset", ""),
        };
        let sample = format!("{name}{suffix}");
        // The older format knows fewer kinds, and calls a family as its samples.
        let (called, kind) = match (self, kind) {
            (Self::OpenMetrics, kind) => (&name, kind),
            (Self::Text, "info" | "stateset") => (&sample, "gauge"),
            (Self::Text, kind) => (&sample, kind),
        };
        writeln!(out, "# HELP {called} {help}")?;
        writeln!(out, "# TYPE {called} {kind}")?;
        if self == Self::OpenMetrics && !unit.is_empty() {
            writeln!(out, "# UNIT {called} {unit}")?;
        }
        match points {
            Points::Counter(points) | Points::Gauge(points) => points
                .iter()
                .try_for_each(|point| line(out, &sample, &written(&point.labels), point.value)),
            Points::Histogram(points) => {
                points.iter().try_for_each(|point| histogram(out, &name, point))
            }
            Points::Info(labels) => line(out, &sample, &written(labels), Number::Whole(1)),
            Points::StateSet(states) => states.iter().try_for_each(|(state, is_it)| {
                let label = format!("{name}=\"{state}\"");
                line(out, &sample, &label, Number::Whole((*is_it).into()))
            }),
        }
    }
}

fn histogram(out: &mut String, name: &str, point: &Point<Histogram>) -> fmt::Result {
    let Histogram { at_most, count, sum_s } = &point.value;
    let labels = written(&point.labels);
    let bucket = format!("{name}_bucket");
    for (bound, at_most) in Histogram::BOUNDS_S.iter().zip(at_most) {
        line(out, &bucket, &format!("{labels},le=\"{bound:?}\""), Number::Whole(*at_most))?;
    }
    line(out, &bucket, &format!("{labels},le=\"+Inf\""), Number::Whole(*count))?;
    line(out, &format!("{name}_sum"), &labels, Number::Real(*sum_s))?;
    line(out, &format!("{name}_count"), &labels, Number::Whole(*count))
}

/// Labels as they stand between braces.
fn written(labels: &[Label]) -> String {
    let mut out = String::new();
    for (label, text) in labels {
        if !out.is_empty() {
            out.push(',');
        }
        out.push_str(label);
        out.push_str("=\"");
        for letter in text.chars() {
            match letter {
                '\\' => out.push_str("\\\\"),
                '"' => out.push_str("\\\""),
                '\n' => out.push_str("\\n"),
                letter => out.push(letter),
            }
        }
        out.push('"');
    }
    out
}

/// A sample.
fn line(out: &mut String, name: &str, labels: &str, value: Number) -> fmt::Result {
    out.push_str(name);
    if !labels.is_empty() {
        write!(out, "{{{labels}}}")?;
    }
    match value {
        Number::Whole(value) => writeln!(out, " {value}"),
        Number::Real(value) if value.is_nan() => writeln!(out, " NaN"),
        Number::Real(value) if value.is_infinite() => {
            writeln!(out, " {}", if value > 0.0 { "+Inf" } else { "-Inf" })
        }
        Number::Real(value) => writeln!(out, " {value:?}"),
    }
}
