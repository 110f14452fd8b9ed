//! A threshold as a value, and as text.

use std::fmt;
use std::time::Duration;

/// A bound that a figure of the run must keep.
///
/// As text it is what the [grammar](super) says; in serde values it is that text.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct Threshold {
    /// Which figure.
    pub measure: Measure,
    /// Of what.
    pub subject: Subject,
    /// On which side of the bound it must be.
    pub comparison: Comparison,
    /// The bound, in the measure's unit.
    pub bound: f64,
    /// The length of the sliding window; the whole run if absent.
    pub over: Option<Duration>,
    /// Whether the run ends early when it fails.
    pub abort: bool,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Measure {
    /// A percentile of response times, from 0 to 100. Milliseconds.
    Percentile(f64),
    /// The arithmetic mean of response times. Milliseconds.
    Mean,
    /// The share that failed. Percent.
    Failures,
    /// How many there were. Per second.
    Rps,
}

/// What is judged.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    /// All requests that count in the totals.
    All,
    /// A request.
    Request {
        /// `GET`, `POST`, …; the word that a probe was given.
        method: String,
        /// What it is reported as.
        name: String,
    },
    /// A task of a class.
    Task {
        /// Name of the class.
        class: String,
        /// Name of the task.
        task: String,
    },
    /// All tasks of a class.
    Class(String),
}

/// On which side of its bound a figure must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
}

impl Threshold {
    /// Whether this value keeps the bound.
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        match self.comparison {
            Comparison::Below => value < self.bound,
            Comparison::AtMost => value <= self.bound,
            Comparison::Above => value > self.bound,
            Comparison::AtLeast => value >= self.bound,
        }
    }

    /// Whether it says what is too much, and not what is too little.
    #[must_use]
    pub fn is_from_above(&self) -> bool {
        matches!(self.comparison, Comparison::Below | Comparison::AtMost)
    }
}

impl Measure {
    /// A value with its unit: `250ms`, `1.5s`, `1%`, `200`.
    #[must_use]
    pub fn text(self, value: f64) -> String {
        match self {
            Self::Percentile(_) | Self::Mean if value >= 1_000.0 => {
                format!("{}s", value / 1_000.0)
            }
            Self::Percentile(_) | Self::Mean => format!("{value}ms"),
            Self::Failures => format!("{value}%"),
            Self::Rps => value.to_string(),
        }
    }
}

impl Subject {
    /// A request of this method and name.
    pub fn request(method: impl Into<String>, name: impl Into<String>) -> Self {
        Self::Request { method: method.into(), name: name.into() }
    }

    /// A task of a class.
    pub fn task(class: impl Into<String>, task: impl Into<String>) -> Self {
        Self::Task { class: class.into(), task: task.into() }
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { measure, subject, comparison, bound, over, abort } = self;
        write!(out, "{measure}")?;
        if *subject != Subject::All {
            let name = subject.to_string().replace('\\', r"\\").replace('"', r#"\""#);
            write!(out, "(\"{name}\")")?;
        }
        write!(out, " {comparison} {}", measure.text(*bound))?;
        if let Some(over) = over {
            write!(out, " over {}", crate::duration::text(*over))?;
        }
        out.write_str(if *abort { " abort" } else { "" })
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Percentile(percent) if *percent >= 100.0 => out.write_str("max"),
            Self::Percentile(percent) => write!(out, "p{percent}"),
            Self::Mean => out.write_str("mean"),
            Self::Failures => out.write_str("failures"),
            Self::Rps => out.write_str("rps"),
        }
    }
}

/// As it stands between the quotes; nothing for all.
impl fmt::Display for Subject {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => Ok(()),
            Self::Request { method, name } => write!(out, "{method} {name}"),
            Self::Task { class, task } => write!(out, "{class}::{task}"),
            Self::Class(class) => out.write_str(class),
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Above => ">",
            Self::AtLeast => ">=",
        })
    }
}
