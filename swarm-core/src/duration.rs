//! Durations as people write them: `20`, `20s`, `3m`, `1h20m`, `250ms`, `1.5s`.

use std::fmt::Write as _;
use std::time::Duration;

/// Units from large to small, with their length in seconds.
const UNITS: [(&str, f64); 5] =
    [("d", 86_400.0), ("h", 3_600.0), ("m", 60.0), ("s", 1.0), ("ms", 0.001)];

/// Reads a duration: numbers with the units `d`, `h`, `m`, `s` or `ms`, from large to small; a number alone is in seconds.
///
/// # Errors
///
/// A text of another form, with what was expected.
///
/// ```
/// use std::time::Duration;
/// use swarm_core::duration::parse;
///
/// assert_eq!(parse("20"), Ok(Duration::from_secs(20)));
/// assert_eq!(parse("1h20m"), Ok(Duration::from_secs(4_800)));
/// assert_eq!(parse("1.5s"), Ok(Duration::from_millis(1_500)));
/// assert!(parse("30m45").is_err());
/// ```
pub fn parse(text: &str) -> Result<Duration, String> {
    let bad =
        || format!("`{text}` is no duration: write `20`, `20s`, `3m`, `1h20m`, `250ms` or `1.5s`");
    let mut rest = text.trim();
    if let Ok(seconds) = rest.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).map_err(|_| bad());
    }
    let mut total = Duration::ZERO;
    let mut smallest = f64::INFINITY;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(bad)?;
        let (number, tail) = rest.split_at(digits);
        let letters = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(letters);
        let (_, length) = UNITS.into_iter().find(|(name, _)| *name == unit).ok_or_else(bad)?;
        if length >= smallest {
            return Err(bad());
        }
        smallest = length;
        let number: f64 = number.parse().map_err(|_| bad())?;
        total += Duration::try_from_secs_f64(number * length).map_err(|_| bad())?;
        rest = tail;
    }
    if smallest.is_infinite() { Err(bad()) } else { Ok(total) }
}

/// Writes a duration so that [`parse`] reads it back to the millisecond: `1h20m`, `1.5s`, `250ms`.
///
/// ```
/// use std::time::Duration;
/// use swarm_core::duration::text;
///
/// assert_eq!(text(Duration::from_millis(61_500)), "1m1.5s");
/// ```
#[must_use]
pub fn text(duration: Duration) -> String {
    let mut seconds = duration.as_secs();
    let millis = duration.subsec_millis();
    let mut out = String::new();
    for (unit, length) in [("d", 86_400), ("h", 3_600), ("m", 60)] {
        if seconds >= length {
            let _ = write!(out, "{}{unit}", seconds / length);
            seconds %= length;
        }
    }
    let _ = match (seconds, millis) {
        (0, 0) if !out.is_empty() => Ok(()),
        (0, 1..) => write!(out, "{millis}ms"),
        (_, 0) => write!(out, "{seconds}s"),
        _ => {
            let fraction = format!("{millis:03}");
            write!(out, "{seconds}.{}s", fraction.trim_end_matches('0'))
        }
    };
    out
}

/// Durations in serde values, as a number of seconds: `#[serde(with = "duration::seconds")]`.
pub mod seconds {
    use super::Duration;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    /// Writes seconds.
    ///
    /// # Errors
    ///
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(value: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_f64(value.as_secs_f64())
    }

    /// Reads seconds.
    ///
    /// # Errors
    ///
    /// A number that is negative, not finite or too large.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        Duration::try_from_secs_f64(f64::deserialize(from)?).map_err(D::Error::custom)
    }
}

/// As [`seconds`], for a duration that may be absent.
pub mod optional_seconds {
    use super::Duration;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer, de::Error as _};

    /// Writes seconds or null.
    ///
    /// # Errors
    ///
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(value: &Option<Duration>, to: S) -> Result<S::Ok, S::Error> {
        value.map(|value| value.as_secs_f64()).serialize(to)
    }

    /// Reads seconds or null.
    ///
    /// # Errors
    ///
    /// A number that is negative, not finite or too large.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
        Option::<f64>::deserialize(from)?
            .map(|seconds| Duration::try_from_secs_f64(seconds).map_err(D::Error::custom))
            .transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write_and_refuses_the_rest() {
        for (written, millis) in [
            ("20", 20_000),
            ("20s", 20_000),
            ("3m", 180_000),
            ("2h", 7_200_000),
            ("1h20m", 4_800_000),
            ("3h30m10s", 12_610_000),
            ("250ms", 250),
            ("1.5s", 1_500),
            ("0", 0),
        ] {
            assert_eq!(parse(written), Ok(Duration::from_millis(millis)), "{written}");
        }
        for written in ["", "s", "1h30", "30m45", "1m1h", "5sec", "-3s", "1e400", "NaN", "1m1m"] {
            assert!(parse(written).is_err(), "{written}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for (millis, written) in [
            (0, "0s"),
            (1, "1ms"),
            (999, "999ms"),
            (1_500, "1.5s"),
            (60_000, "1m"),
            (60_010, "1m10ms"),
            (4_800_000, "1h20m"),
            (90_061_001, "1d1h1m1.001s"),
        ] {
            let duration = Duration::from_millis(millis);
            assert_eq!(text(duration), written);
            assert_eq!(parse(written), Ok(duration), "{written}");
        }
    }
}
