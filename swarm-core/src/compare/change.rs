//! What became of one measure.

use super::estimate::Estimate;
use super::observed::MEASURES;
use crate::threshold::Measure;
use serde::{Serialize, Serializer};

/// The probability that chance alone makes any difference of a comparison.
pub(super) const CHANCE: f64 = 0.05;
/// The margin of failures, as a share: a tenth of a percent of requests. A share of next to none is no measure of itself.
const FAILURES_MARGIN: f64 = 0.001;

/// What is said of a measure, of an entry, or of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Better, beyond the margin.
    Better,
    /// Worse, beyond the margin.
    Worse,
    /// No difference beyond the margin was found.
    NoDifference,
    /// The runs, or the entry's figures in them, say nothing.
    NotComparable,
}

/// How a measure changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Change {
    /// Which one.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub measure: Measure,
    /// Mean of the runs before: per second, percent, or milliseconds. (Of all but failures the geometric mean.)
    pub before: f64,
    /// The same of those after.
    pub after: f64,
    /// The change in percent of what was before; of failures, in percent of requests.
    pub change: f64,
    /// The smallest change, in the same unit, that would have been found with a probability of 80 %; null in JSON if it is beyond all numbers.
    #[cfg_attr(feature = "schema", schemars(with = "Option<f64>"))]
    pub smallest: f64,
    /// The probability that chance alone makes such a difference anywhere in the comparison.
    pub chance: f64,
    /// What is said of it.
    pub verdict: Verdict,
}

fn as_text<S: Serializer>(measure: &Measure, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(measure)
}

impl Change {
    /// Judges the measure with this number.
    pub(super) fn new(measure: usize, estimate: &Estimate, before: f64, chance: Chance) -> Self {
        let measure = MEASURES[measure];
        let shares = measure == Measure::Failures;
        let margin = if shares { FAILURES_MARGIN } else { chance.margin.ln_1p() };
        // Back from the scale on which differences add up.
        let percent = |value: f64| if shares { value * 100.0 } else { value.exp_m1() * 100.0 };
        let natural = |value: f64| if shares { value * 100.0 } else { value.exp() };
        let more = estimate.difference > 0.0;
        let certain = chance.of_all <= CHANCE && estimate.difference.abs() > margin;
        let verdict = match (certain, more == (measure == Measure::Rps)) {
            (false, _) => Verdict::NoDifference,
            (true, true) => Verdict::Better,
            (true, false) => Verdict::Worse,
        };
        Self {
            measure,
            before: natural(before),
            after: natural(before + estimate.difference),
            change: percent(estimate.difference),
            smallest: percent(estimate.smallest(margin, CHANCE / chance.comparisons as f64)),
            chance: chance.of_all,
            verdict,
        }
    }
}

/// What a change is judged by, besides itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chance {
    /// As a share.
    pub(super) margin: f64,
    /// The probability that chance makes such a difference anywhere in the comparison.
    pub(super) of_all: f64,
    /// How many differences are judged.
    pub(super) comparisons: usize,
}
