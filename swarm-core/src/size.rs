//! Sizes as people write them: `1000`, `64KiB`, `64MiB`, `10MB`.

/// Units with their length in bytes.
const UNITS: [(&str, u64); 8] = [
    ("", 1),
    ("B", 1),
    ("KB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
];

/// Reads a size in bytes: a whole number with a unit, or without one for bytes.
///
/// # Errors
///
/// A text of another form, with what was expected.
///
/// ```
/// assert_eq!(swarm_core::size::parse("64MiB"), Ok(67_108_864));
/// ```
pub fn parse(text: &str) -> Result<u64, String> {
    let bad = || format!("`{text}` is no size: write `1000`, `64KiB`, `64MiB` or `10MB`");
    let trimmed = text.trim();
    let end = trimmed.find(|c: char| !c.is_ascii_digit()).unwrap_or(trimmed.len());
    let (number, unit) = trimmed.split_at(end);
    let unit = unit.trim_start();
    let (_, length) =
        UNITS.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(unit)).ok_or_else(bad)?;
    number.parse::<u64>().ok().and_then(|number| number.checked_mul(length)).ok_or_else(bad)
}

/// Writes a size in the largest unit that it is a whole number of.
///
/// ```
/// assert_eq!(swarm_core::size::text(67_108_864), "64 MiB");
/// ```
#[must_use]
pub fn text(bytes: u64) -> String {
    let binary = UNITS.into_iter().rev().filter(|(name, _)| name.ends_with("iB"));
    let fits = |(_, length): &(&str, u64)| bytes >= *length && bytes.is_multiple_of(*length);
    match binary.into_iter().find(fits) {
        Some((name, length)) => format!("{} {name}", bytes / length),
        None => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_all_else_is_refused() {
        for (written, bytes) in
            [("0", 0), ("1000", 1_000), ("5 kib", 5_120), ("2MB", 2_000_000), ("1GiB", 1 << 30)]
        {
            assert_eq!(parse(written), Ok(bytes), "{written}");
        }
        for written in ["", "MiB", "1.5MiB", "-1", "1TB", "99999999999GiB"] {
            assert!(parse(written).is_err(), "{written}");
        }
        assert_eq!([text(1_000), text(5_120), text(1 << 30)], ["1000 bytes", "5 KiB", "1 GiB"]);
    }
}
