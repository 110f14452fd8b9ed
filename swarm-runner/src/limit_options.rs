//! The options of the search for a service's limit.

use crate::error::UsageError;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Args};
use swarm_core::plan::{Expected, FindLimit, Rate, Unit};
use swarm_core::threshold::{self, Threshold};

/// How a limit is searched for.
#[derive(Debug, Clone, Args)]
pub(crate) struct LimitOptions {
    /// Search the highest load that keeps this: 'p95 < 250ms, failures < 1%'.
    #[arg(long, value_name = "RULE", value_parser = threshold::parse_list, action = ArgAction::Append, group = "load", help_heading = "Limit")]
    pub(crate) find_limit: Vec<Vec<Threshold>>,

    /// What the load is: iterations per second, or users.
    #[arg(long, value_name = "rate|users", value_parser = unit(), hide_possible_values = true, default_value = "rate", help_heading = "Limit")]
    pub(crate) limit_by: Unit,

    /// Gap of what held and what failed in the end.
    #[arg(long, value_name = "PERCENT", value_parser = percent, default_value = "5%", help_heading = "Limit")]
    pub(crate) precision: f64,

    /// Try no higher rate than this.
    #[arg(long, value_name = "RATE", help_heading = "Limit")]
    pub(crate) max_rate: Option<Rate>,

    /// Fail with exit code 3 if the limit is lower: '> 200/s', '> 50 users'.
    #[arg(long, value_name = "LIMIT", help_heading = "Limit")]
    pub(crate) expect_limit: Option<Expected>,
}

impl LimitOptions {
    /// The search that they describe, if they do.
    pub(crate) fn spec(&self) -> Result<Option<FindLimit>, UsageError> {
        if self.find_limit.is_empty() {
            let needless = [
                ("--max-rate", self.max_rate.is_some()),
                ("--expect-limit", self.expect_limit.is_some()),
            ];
            return match needless.iter().find(|(_, given)| *given) {
                Some((option, _)) => {
                    let error = UsageError::new(format!("{option} is for the search for a limit"));
                    Err(error.help("add --find-limit 'p95 < 250ms, failures < 1%'"))
                }
                None => Ok(None),
            };
        }
        Ok(Some(FindLimit {
            unit: self.limit_by,
            precision: self.precision,
            max_rate: self.max_rate.map(|Rate(rate)| rate),
            expected: self.expect_limit,
            ..FindLimit::new(self.find_limit.concat())
        }))
    }
}

fn unit() -> impl TypedValueParser<Value = Unit> {
    let unit = |text: String| if text == "users" { Unit::Users } else { Unit::Rate };
    PossibleValuesParser::new(["rate", "users"]).map(unit)
}

fn percent(text: &str) -> Result<f64, String> {
    let percent = text.trim().strip_suffix('%').and_then(|number| number.trim().parse().ok());
    match percent {
        Some(percent) if (0.1..=100.0).contains(&percent) => Ok(percent / 100.0),
        _ => Err("write a part in percent, from 0.1% to 100%".to_owned()),
    }
}
