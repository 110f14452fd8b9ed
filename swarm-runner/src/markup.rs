//! Texts of a load test in Markdown: nothing in them is markup, a link, or somebody's name.

use std::fmt::Write as _;

/// Letters of a name or an error.
const MOST_LETTERS: usize = 200;

/// A text as code, without what is beyond 200 letters.
pub(crate) fn code(text: &str) -> String {
    format!("<code>{}</code>", plain(text))
}

/// A text without what is beyond 200 letters.
pub(crate) fn plain(text: &str) -> String {
    match text.char_indices().nth(MOST_LETTERS) {
        Some((end, _)) => escaped(&text[..end]) + "…",
        None => escaped(text),
    }
}

/// A text, however long. References instead of backslashes: they mean the same in tables, code and prose, for every reader of Markdown.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '|' | '!' | '#' | '$'
            | '@' | ':' | '^' | '"' | '\t' | '\n' | '\r' => {
                let _ = write!(out, "&#{};", u32::from(letter));
            }
            control if control.is_control() => out.push(char::REPLACEMENT_CHARACTER),
            other => out.push(other),
        }
    }
    out
}
