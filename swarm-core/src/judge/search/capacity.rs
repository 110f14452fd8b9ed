//! What a search found.

use crate::judge::outcome::exit_code;
use crate::plan::Unit;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What kept the load from going higher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LimitedBy {
    /// The service did not keep a criterion.
    Target,
    /// The load generator was at its own limit.
    Generator,
    /// No more users were allowed.
    MaxUsers,
    /// No higher rate was allowed.
    MaxRate,
}

/// The limit of a service, as far as it is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Capacity {
    /// What levels are.
    pub unit: Unit,
    /// The highest level that passed, and the lowest above it that failed; null where there is none.
    pub bracket: [Option<f64>; 2],
    /// Where the target's limit is, at a confidence of 90 %: the bracket, widened by the precision and by what the levels could not tell apart. Null if that
    /// can't be told: where some requests take far longer than most, queues fluctuate too slowly for a search of minutes.
    pub interval: Option<[f64; 2]>,
    /// What kept the load from going higher; null if nothing did so far.
    pub limited_by: Option<LimitedBy>,
    /// The request that was over its bound most often at the lowest level that failed.
    pub broke_first: Option<String>,
    /// The level with the highest ratio of throughput and mean response time: from here on waiting grows faster than throughput (Kleinrock, "Power and
    /// deterministic rules of thumb for probabilistic problems in computer communications", ICC 1979).
    pub knee: Option<f64>,
    /// Every level that was held, in order.
    pub levels: Vec<LevelEntry>,
    /// Why there is no answer, or what the generator's limit was; null if the search came to its end.
    pub note: Option<String>,
}

/// A level that was held.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LevelEntry {
    /// The load, in the search's unit.
    pub offered: f64,
    /// Iterations per second that ended.
    pub achieved: f64,
    /// Iterations under way, on average.
    pub in_flight: f64,
    /// Median response time in milliseconds.
    pub p50: Option<f64>,
    /// 95th percentile in milliseconds.
    pub p95: Option<f64>,
    /// 99th percentile in milliseconds.
    pub p99: Option<f64>,
    /// Share of requests that failed, in percent.
    pub failures: f64,
    /// Whether all criteria held.
    pub passed: bool,
}

impl Capacity {
    /// The highest level that passed.
    #[must_use]
    pub fn limit(&self) -> Option<f64> {
        self.bracket[0]
    }

    /// The exit code of a search that was to find at least the level that is expected, if one is: see [`exit_code`].
    ///
    /// A limit that others than the target set is an answer only if it is as high as expected.
    #[must_use]
    pub fn exit_code(&self, expected: Option<f64>) -> u8 {
        let answered = self.note.is_none();
        match (self.limit(), expected) {
            (Some(limit), Some(expected)) if limit >= expected => exit_code::PASSED,
            _ if !answered || self.limited_by == Some(LimitedBy::Generator) => exit_code::INVALID,
            (_, None) => exit_code::PASSED,
            (_, Some(_)) if self.limited_by == Some(LimitedBy::MaxUsers) => exit_code::INVALID,
            (_, Some(_)) => exit_code::THRESHOLD,
        }
    }
}

impl fmt::Display for Capacity {
    /// The answer in a sentence.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = self.unit;
        match self.bracket {
            [Some(low), Some(high)] => write!(out, "the limit is between {low} and {high} {unit}")?,
            [Some(low), None] => write!(out, "{low} {unit} held, and no higher level failed")?,
            [None, Some(high)] => write!(out, "the limit is below {high} {unit}")?,
            [None, None] => out.write_str("no level was held to its end")?,
        }
        if let Some(by) = self.limited_by {
            write!(out, ", set by {by}")?;
        }
        if let Some(request) = &self.broke_first {
            write!(out, "; {request} broke first")?;
        }
        match &self.note {
            Some(note) => write!(out, "; {note}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for LimitedBy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Target => "the target",
            Self::Generator => "the load generator",
            Self::MaxUsers => "the number of users",
            Self::MaxRate => "the highest rate allowed",
        })
    }
}
