//! What is wrong with a row, in words that never quote its values: they may be passwords.

use std::fmt;

/// What is wrong with a row.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reason {
    /// The column, or the path in an object, if it is known.
    column: Option<String>,
    /// Without a value of the row.
    text: String,
}

impl Reason {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { column: None, text: text.into() }
    }

    /// Of a message of serde's.
    pub(super) fn of_serde(message: &str) -> Self {
        Self::new(without_values(message))
    }

    /// With the column, or the path in an object.
    pub(super) fn at(self, column: &str) -> Self {
        Self { column: Some(column.to_owned()), ..self }
    }

    /// Whether a field is missing or given twice.
    pub(super) fn is_about_a_field(&self) -> bool {
        is_about_a_field(&self.text)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(column) = &self.column {
            write!(out, "column `{column}`: ")?;
        }
        out.write_str(&self.text)
    }
}

/// Kinds of values, as serde names them before it quotes one.
const KINDS: [&str; 8] =
    ["boolean", "integer", "floating point", "character", "string", "null", "sequence", "map"];

/// A message of serde's without the value that it quotes. What the row's own code said may quote one anywhere, and is left out.
fn without_values(message: &str) -> String {
    // What was expected is a text of the program, and the last thing said.
    let expected = message.rsplit_once(", expected ").map(|(_, expected)| expected);
    for (begin, what) in [
        ("invalid type: ", "invalid type"),
        ("invalid value: ", "invalid value"),
        ("invalid length ", "invalid length"),
        ("unknown variant ", "unknown variant"),
        ("unknown field ", "unknown field"),
    ] {
        if let (Some(found), Some(expected)) = (message.strip_prefix(begin), expected) {
            return match KINDS.iter().find(|kind| found.starts_with(**kind)) {
                Some(kind) if begin.ends_with(": ") => {
                    format!("{what}: {kind}, expected {expected}")
                }
                _ => format!("{what}, expected {expected}"),
            };
        }
    }
    if is_about_a_field(message) {
        message.to_owned()
    } else {
        "the value is not accepted".to_owned()
    }
}

/// Whether it says that a field is missing or given twice, and nothing else; both name fields of the type.
fn is_about_a_field(message: &str) -> bool {
    ["missing field `", "duplicate field `"].iter().any(|begin| {
        let name = message.strip_prefix(begin).and_then(|rest| rest.strip_suffix('`'));
        name.is_some_and(|name| !name.contains('`'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_message_has_the_value() {
        for (message, expected) in [
            ("missing field `age`", "missing field `age`"),
            ("duplicate field `age`", "duplicate field `age`"),
            ("missing field `a`: hunter2 `", "the value is not accepted"),
            (r#"invalid type: string "hunter2", expected u8"#, "invalid type: string, expected u8"),
            (
                r#"invalid value: string "a, expected b", expected a colour"#,
                "invalid value: string, expected a colour",
            ),
            ("invalid value: integer `4711`, expected u8", "invalid value: integer, expected u8"),
            ("invalid value: hunter2, expected a word", "invalid value, expected a word"),
            ("invalid length 4711, expected 2 elements", "invalid length, expected 2 elements"),
            (
                "unknown variant `hunter2`, expected `a` or `b`",
                "unknown variant, expected `a` or `b`",
            ),
            ("unknown field `hunter2`, expected `a`", "unknown field, expected `a`"),
            ("hunter2 is too short", "the value is not accepted"),
            ("invalid type: hunter2", "the value is not accepted"),
        ] {
            assert_eq!(without_values(message), expected, "{message}");
        }
    }
}
