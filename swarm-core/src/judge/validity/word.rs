//! The word for a measurement.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Whether a measurement can be trusted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Validity {
    /// Nothing speaks against it.
    #[default]
    Valid,
    /// Something does: look at the reasons.
    Suspect,
    /// Its figures are those of the generator rather than of the target.
    Invalid,
}

impl fmt::Display for Validity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Valid => "valid",
            Self::Suspect => "suspect",
            Self::Invalid => "invalid",
        })
    }
}
