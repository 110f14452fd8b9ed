//! The search for a service's limit, as a run is told to do it.

use super::stages::Unit;
use crate::threshold::Threshold;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// That a run is to find the highest load at which a service keeps what it has to: see [`judge::search`](crate::judge::search).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FindLimit {
    /// What it has to keep: percentiles of response times, and failures.
    pub criteria: Vec<Threshold>,
    /// What the load is.
    pub unit: Unit,
    /// How far apart the level that held and the one that failed may be in the end, as a share; default 0.05.
    pub precision: f64,
    /// No higher rate is tried, in iterations per second; any if absent. The number of users is bounded by the run's own `max_users`.
    pub max_rate: Option<f64>,
    /// The limit that is expected, at least.
    pub expected: Option<Expected>,
}

impl FindLimit {
    /// By arrival rate, without bounds and expectations.
    #[must_use]
    pub fn new(criteria: Vec<Threshold>) -> Self {
        Self { criteria, unit: Unit::Rate, precision: 0.05, max_rate: None, expected: None }
    }
}

/// What a limit should be at least: `> 200/s`, or `> 50 users`.
///
/// ```
/// use swarm_core::plan::{Expected, Unit};
///
/// let expected: Expected = "> 200/s".parse().unwrap();
/// assert_eq!((expected.unit, expected.at_least), (Unit::Rate, 200.0));
/// assert_eq!("50 users".parse::<Expected>().unwrap().to_string(), "> 50 users");
/// assert!("fast".parse::<Expected>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Expected {
    /// The level.
    pub at_least: f64,
    /// What it counts.
    pub unit: Unit,
}

impl fmt::Display for Expected {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = if self.unit == Unit::Rate { "/s" } else { " users" };
        write!(out, "> {}{unit}", self.at_least)
    }
}

impl FromStr for Expected {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let level = text.trim().trim_start_matches('>').trim_start_matches('=').trim();
        let known = [("/s", Unit::Rate), ("users", Unit::Users)];
        let found =
            known.into_iter().find_map(|(end, unit)| Some((level.strip_suffix(end)?, unit)));
        let wrong = || format!("`{text}` is no limit: write `> 200/s`, or `> 50 users`");
        let (number, unit) = found.ok_or_else(wrong)?;
        let at_least: f64 = number.trim().parse().map_err(|_| wrong())?;
        if at_least.is_finite() && at_least > 0.0 {
            Ok(Self { at_least, unit })
        } else {
            Err(wrong())
        }
    }
}
