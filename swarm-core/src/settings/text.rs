//! Values of settings as people write them.

use std::fmt::Display;
use std::str::FromStr;

/// A type whose values are read from texts: every type with [`FromStr`] whose error can be shown.
///
/// ```
/// use swarm_core::settings::SettingValue;
///
/// assert_eq!(u16::from_text("8080"), Ok(8080));
/// assert_eq!(u16::from_text("many"), Err("invalid digit found in string".to_owned()));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be a setting: it can't be read from a text",
    label = "no `FromStr`",
    note = "implement `std::str::FromStr` for `{Self}`, with an error that implements `Display`"
)]
pub trait SettingValue: Sized {
    /// Reads a value.
    ///
    /// # Errors
    ///
    /// Why the text is none, in words.
    fn from_text(text: &str) -> Result<Self, String>;
}

#[diagnostic::do_not_recommend]
impl<T: FromStr<Err: Display>> SettingValue for T {
    fn from_text(text: &str) -> Result<Self, String> {
        text.parse().map_err(|error: T::Err| error.to_string())
    }
}

/// Reads a `bool`: `true` or `1`, `false` or `0`, or nothing, which is false.
///
/// # Errors
///
/// Any other text.
pub fn switch(text: &str) -> Result<bool, String> {
    match text {
        "true" | "1" => Ok(true),
        "false" | "0" | "" => Ok(false),
        _ => Err("write `true` or `false`".to_owned()),
    }
}

/// The items of a comma list, without the spaces around them. A comma that belongs to an item is written `\,`; an empty text has no items.
///
/// ```
/// use swarm_core::settings::list;
///
/// assert_eq!(list("a, b"), ["a", "b"]);
/// assert_eq!(list(r"a\,b,"), ["a,b", ""]);
/// assert!(list("").is_empty());
/// ```
#[must_use]
pub fn list(text: &str) -> Vec<String> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    let (mut items, mut item) = (Vec::new(), String::new());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if letters.next_if_eq(&',').is_some() => item.push(','),
            ',' => items.push(std::mem::take(&mut item)),
            _ => item.push(letter),
        }
    }
    items.push(item);
    items.iter().map(|item| item.trim().to_owned()).collect()
}
