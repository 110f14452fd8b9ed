//! Stages, as people write them: `100@2m, 500@5m, 0@1m` for users, `300/s@1m, 300/s@5m` for rates.

use crate::duration;
use crate::misread::Misread;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// How many per second, as `300/s`, `90/m` or `10/h`.
///
/// ```
/// use swarm_core::plan::Rate;
///
/// assert_eq!("18000/m".parse(), Ok(Rate(300.0)));
/// assert_eq!(Rate(300.0).to_string(), "300/s");
/// assert!("300".parse::<Rate>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Rate(pub f64);

/// Units of a rate, with their length in seconds.
const PER: [(&str, f64); 3] = [("s", 1.0), ("m", 60.0), ("h", 3_600.0)];

impl FromStr for Rate {
    type Err = Misread;

    fn from_str(text: &str) -> Result<Self, Misread> {
        let amount = Amount { text, at: 0, unit: Unit::Rate };
        match amount.read(text)? {
            (Unit::Rate, rate) => Ok(Self(rate)),
            (Unit::Users, _) => Err(amount.error(text.trim_end().len(), PER_IS_MISSING)),
        }
    }
}

const PER_IS_MISSING: &str = "a rate is written `300/s`, `90/m` or `10/h`";

impl fmt::Display for Rate {
    /// In the first unit that has a whole number, else per second.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = PER.into_iter().find_map(|(unit, length)| {
            let number = (self.0 * length).round();
            (number / length == self.0).then_some((number, unit))
        });
        let (number, unit) = whole.unwrap_or((self.0, PER[0].0));
        write!(out, "{number}/{unit}")
    }
}

/// What a load counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Unit {
    /// Users at the same time.
    #[serde(rename = "users")]
    Users,
    /// Iterations that arrive per second.
    #[serde(rename = "iterations/s")]
    Rate,
}

impl fmt::Display for Unit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Users => "users",
            Self::Rate => "iterations/s",
        })
    }
}

/// One stage: from where it is, evenly, to a number of users or a rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stage {
    /// What is reached at its end.
    pub to: f64,
    /// How long it takes; no time is a step.
    pub over: Duration,
}

/// Stages that follow each other.
///
/// `100@2m` goes from where it is to 100 users within two minutes, evenly. The same number again holds it, and `500@0s` is a step. With `/s`, `/m`
/// or `/h` behind each number they are rates.
///
/// ```
/// use swarm_core::plan::Stages;
///
/// let stages: Stages = "100@2m,100@5m, 0@1m30s".parse().unwrap();
/// assert_eq!(stages.to_string(), "100@2m, 100@5m, 0@1m30s");
/// assert_eq!(stages.length().as_secs(), 510);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct Stages {
    unit: Unit,
    stages: Vec<Stage>,
}

impl Stages {
    /// These stages, of users or of rates. Times are kept to the millisecond.
    ///
    /// # Errors
    ///
    /// No stage at all; a number that is negative or not finite; a number of users that is not whole.
    pub fn new(unit: Unit, stages: impl IntoIterator<Item = Stage>) -> Result<Self, String> {
        let in_ms =
            |time: Duration| Duration::from_millis((time.as_secs_f64() * 1e3).round() as u64);
        let stages: Vec<Stage> =
            stages.into_iter().map(|Stage { to, over }| Stage { to, over: in_ms(over) }).collect();
        if stages.is_empty() {
            return Err("there is no stage".to_owned());
        }
        let good = |stage: &&Stage| stage.to >= 0.0 && stage.to.is_finite();
        let whole = |stage: &&Stage| stage.to.fract() == 0.0 && stage.to <= f64::from(u32::MAX);
        let bad = match unit {
            Unit::Users => stages.iter().find(|stage| !good(stage) || !whole(stage)),
            Unit::Rate => stages.iter().find(|stage| !good(stage)),
        };
        match bad {
            Some(Stage { to, .. }) => Err(format!("a stage can't go to {to}")),
            None => Ok(Self { unit, stages }),
        }
    }

    /// What they count.
    #[must_use]
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// The stages, in order.
    #[must_use]
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// When each begins, from the start of the first, and how it is written.
    pub(crate) fn begins(&self) -> impl Iterator<Item = (Duration, String)> {
        self.stages.iter().scan(Duration::ZERO, |next, stage| {
            let begin = std::mem::replace(next, *next + stage.over);
            Some((begin, self.text(stage)))
        })
    }

    fn text(&self, Stage { to, over }: &Stage) -> String {
        let time = duration::text(*over);
        match self.unit {
            Unit::Users => format!("{to}@{time}"),
            Unit::Rate => format!("{}@{time}", Rate(*to)),
        }
    }

    /// How long all of them take.
    #[must_use]
    pub fn length(&self) -> Duration {
        self.stages.iter().map(|stage| stage.over).sum()
    }
}

impl fmt::Display for Stages {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stages: Vec<String> = self.stages.iter().map(|stage| self.text(stage)).collect();
        out.write_str(&stages.join(", "))
    }
}

impl FromStr for Stages {
    type Err = Misread;

    fn from_str(text: &str) -> Result<Self, Misread> {
        let (mut unit, mut stages, mut at) = (None, Vec::new(), 0);
        for part in text.split(',') {
            let amount = Amount { text, at, unit: unit.unwrap_or(Unit::Users) };
            let Some((number, time)) = part.split_once('@') else {
                let what = "write how many and in what time: `100@2m`";
                return Err(amount.error(part.trim_end().len(), what));
            };
            let (of, to) = amount.read(number)?;
            if unit.is_some_and(|unit| unit != of) {
                let what = "users and rates can't follow each other: write all with `/s`, or none";
                return Err(amount.error(number.trim_end().len(), what));
            }
            let over = duration::parse(time.trim()).map_err(|why| {
                let blanks = time.len() - time.trim_start().len();
                amount.error(number.len() + 1 + blanks, &why)
            })?;
            unit = Some(of);
            stages.push(Stage { to, over });
            at += part.len() + 1;
        }
        Self::new(unit.unwrap_or(Unit::Users), stages)
            .map_err(|why| Amount { text, at: 0, unit: Unit::Users }.error(0, &why))
    }
}

impl Serialize for Stages {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Stages {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

/// Where a number of users or a rate is read.
struct Amount<'a> {
    /// The whole text.
    text: &'a str,
    /// Where in it the number's part begins.
    at: usize,
    /// What is expected.
    unit: Unit,
}

impl Amount<'_> {
    /// Reads `100` or `300/s`.
    fn read(&self, part: &str) -> Result<(Unit, f64), Misread> {
        let blanks = part.len() - part.trim_start().len();
        let rest = part.trim();
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, tail) = rest.split_at(digits);
        let expected = match self.unit {
            Unit::Users => "a whole number of users, or a rate as `300/s`, is expected here",
            Unit::Rate => PER_IS_MISSING,
        };
        let number: f64 = number.parse().map_err(|_| self.error(blanks, expected))?;
        let behind = blanks + digits;
        let Some(per) = tail.trim_start().strip_prefix('/') else {
            let whole = number.fract() == 0.0 && number <= f64::from(u32::MAX);
            return match (tail.is_empty(), whole) {
                (true, true) => Ok((Unit::Users, number)),
                (true, false) => Err(self.error(blanks, expected)),
                (false, _) => Err(self.error(behind, expected)),
            };
        };
        let unit = PER.into_iter().find(|(unit, _)| *unit == per.trim());
        let (_, length) = unit.ok_or_else(|| {
            let at = part.trim_end().len() - per.trim_start().len();
            self.error(at, PER_IS_MISSING)
        })?;
        Ok((Unit::Rate, number / length))
    }

    /// A mistake this far into the part.
    fn error(&self, offset: usize, what: &str) -> Misread {
        Misread::new(self.text, self.at + offset, what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_people_write_is_read() {
        let stages: Stages = " 100@2m ,500 @ 5m,0@0s".parse().expect("users");
        assert_eq!(stages.unit(), Unit::Users);
        let to: Vec<(f64, u64)> =
            stages.stages().iter().map(|it| (it.to, it.over.as_secs())).collect();
        assert_eq!(to, [(100.0, 120), (500.0, 300), (0.0, 0)]);
        let rates: Stages = "0.5/s@10, 300/m@1m, 7 / h @1h".parse().expect("rates");
        assert_eq!(rates.to_string(), "30/m@10s, 5/s@1m, 7/h@1h");
        assert_eq!(rates.unit(), Unit::Rate);
    }

    #[test]
    fn mistakes_are_pointed_at() {
        for (text, at, part) in [
            ("", 0, "write how many and in what time"),
            ("100", 3, "write how many and in what time"),
            ("100@1m, ", 7, "write how many and in what time"),
            ("100@1m, 5oo@5m", 9, "a whole number of users"),
            ("1.5@1m", 0, "a whole number of users"),
            ("x@1m", 0, "a whole number of users"),
            ("-3@1m", 0, "a whole number of users"),
            ("5000000000@1m", 0, "a whole number of users"),
            ("100@1m, 300/s@1m", 13, "can't follow each other"),
            ("300/s@1m, 300@1m", 13, "can't follow each other"),
            ("300/x@1m", 4, "a rate is written"),
            ("300/s@1m, x@1m", 10, "a rate is written"),
            ("100@ never", 5, "`never` is no duration"),
            ("100@2m;500@5m", 4, "is no duration"),
            ("é@1m", 0, "a whole number of users"),
        ] {
            let error = text.parse::<Stages>().expect_err(text);
            let shown = error.to_string();
            let caret = shown.lines().last().and_then(|line| line.find('^'));
            assert_eq!(caret, Some(at + 2), "{shown}");
            assert!(shown.contains(part), "{shown}");
        }
        for (text, at) in [("300", 3), ("300/", 4), ("s", 0), ("3/day", 2), ("-3/s", 0)] {
            let error = text.parse::<Rate>().expect_err(text).to_string();
            assert!(error.ends_with(&format!("  {:at$}^", "")), "{error}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            steps in prop::collection::vec((0_u32..5_000, 0_u64..10_000_000), 1..6), rates: bool,
            rate in 0.0_f64..1e6,
        ) {
            let unit = if rates { Unit::Rate } else { Unit::Users };
            let to = |users: u32| if rates && users > 2_000 { f64::from(users) * rate } else { users.into() };
            let stages = steps.into_iter().map(|(users, millis)| Stage {
                to: to(users),
                over: Duration::from_millis(millis),
            });
            let stages = Stages::new(unit, stages).expect("valid");
            prop_assert_eq!(&stages.to_string().parse::<Stages>(), &Ok(stages.clone()));
            let json = serde_json::to_string(&stages).expect("writes");
            prop_assert_eq!(serde_json::from_str::<Stages>(&json).expect("reads"), stages);
            prop_assert_eq!(Rate(rate).to_string().parse::<Rate>(), Ok(Rate(rate)));
        }

        #[test]
        fn no_text_is_too_strange(text in "\\PC*") {
            let _ = text.parse::<Stages>().map_err(|error| error.to_string());
            let _ = text.parse::<Rate>().map_err(|error| error.to_string());
        }
    }
}
