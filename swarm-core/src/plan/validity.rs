//! The limits beyond which a measurement is not trusted.

use crate::duration;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// The limits beyond which a measurement is not trusted; as text `lag=50ms,invalid=40%`, where what is left out is as by default.
///
/// ```
/// use swarm_core::plan::ValidityRules;
///
/// let rules: ValidityRules = "lag=50ms, suspect=10%".parse().unwrap();
/// assert_eq!((rules.lag.as_millis(), rules.suspect), (50, 0.1));
/// assert_eq!(rules.to_string(), "lag=50ms,lag-of-p95=20%,suspect=10%,invalid=25%,cpu=90%,steal=10%");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValidityRules {
    /// A lag that is never too long; default 20 ms.
    pub lag: Duration,
    /// Nor is this part of a second's p95; default 0.2.
    pub lag_of_p95: f64,
    /// More than this part of bad seconds, and at least 3 of them, make a run suspect; default 0.05.
    pub suspect: f64,
    /// More than this part of bad seconds make it invalid; default 0.25.
    pub invalid: f64,
    /// A second in which more than this part of the CPU was used is near the limit; default 0.9.
    pub cpu: f64,
    /// So is one in which others took more than this part of it; default 0.1.
    pub steal: f64,
}

impl Default for ValidityRules {
    fn default() -> Self {
        let lag = Duration::from_millis(20);
        Self { lag, lag_of_p95: 0.2, suspect: 0.05, invalid: 0.25, cpu: 0.9, steal: 0.1 }
    }
}

impl ValidityRules {
    /// Bad seconds that are always too few to tell anything.
    pub const FEW: u32 = 2;

    /// The shares, with their names.
    fn shares(&mut self) -> [(&'static str, &mut f64); 5] {
        [
            ("lag-of-p95", &mut self.lag_of_p95),
            ("suspect", &mut self.suspect),
            ("invalid", &mut self.invalid),
            ("cpu", &mut self.cpu),
            ("steal", &mut self.steal),
        ]
    }
}

impl fmt::Display for ValidityRules {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "lag={}", duration::text(self.lag))?;
        for (name, share) in (*self).clone().shares() {
            write!(out, ",{name}={}%", *share * 100.0)?;
        }
        Ok(())
    }
}

impl FromStr for ValidityRules {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut rules = Self::default();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let wrong = |why: &str| format!("`{part}`: {why}");
            let (name, value) =
                part.split_once('=').ok_or_else(|| wrong("write a limit as `lag=50ms`"))?;
            let (name, value) = (name.trim(), value.trim());
            if name == "lag" {
                rules.lag = duration::parse(value).map_err(|why| wrong(&why.to_string()))?;
                continue;
            }
            let known = "there are lag, lag-of-p95, suspect, invalid, cpu and steal";
            let mut shares = rules.shares();
            let share = shares.iter_mut().find(|(known, _)| *known == name);
            let (_, share) = share.ok_or_else(|| wrong(known))?;
            let percent = value.strip_suffix('%').and_then(|number| number.trim().parse().ok());
            let percent = percent.filter(|percent: &f64| (0.0..=1_000.0).contains(percent));
            **share = percent.ok_or_else(|| wrong("write a part in percent, as `10%`"))? / 100.0;
        }
        Ok(rules)
    }
}

impl Serialize for ValidityRules {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ValidityRules {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for ValidityRules {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ValidityRules".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "Limits beyond which the measurement is not trusted: `lag=20ms,lag-of-p95=20%,suspect=5%,invalid=25%,cpu=90%,steal=10%`.",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rules_survive_text_and_json(
            lag in 0_u64..100_000, percents in prop::array::uniform5(0_u32..=1_000),
        ) {
            let mut rules = ValidityRules { lag: Duration::from_millis(lag), ..ValidityRules::default() };
            for ((_, share), percent) in rules.shares().into_iter().zip(percents) {
                *share = f64::from(percent) / 100.0;
            }
            let text = rules.to_string();
            let close = |other: ValidityRules| {
                let mut pair = (rules, other);
                let others = pair.1.shares().map(|(_, share)| *share);
                let near = pair.0.shares().iter().zip(others).all(|((_, a), b)| (**a - b).abs() < 1e-9);
                near && pair.0.lag == pair.1.lag
            };
            prop_assert!(close(text.parse().expect("reads")), "{}", text);
            let json = serde_json::to_string(&rules).expect("serializes");
            prop_assert!(close(serde_json::from_str(&json).expect("reads")), "{}", json);
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (text, part) in [
            ("lag", "write a limit as `lag=50ms`"),
            ("lag=fast", "`lag=fast`: "),
            ("suspect=0.1", "write a part in percent, as `10%`"),
            ("cpu=-5%", "write a part in percent"),
            ("speed=10%", "there are lag, lag-of-p95, suspect, invalid, cpu and steal"),
        ] {
            let error = text.parse::<ValidityRules>().expect_err(text);
            assert!(error.contains(part), "{error}");
        }
        assert_eq!("".parse(), Ok(ValidityRules::default()));
    }
}
