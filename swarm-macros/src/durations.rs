//! Durations as literals: `5s`, `250ms`, `1.5s`, `2m`, `1h`.

use crate::errors::Errors;
use crate::names::private;
use proc_macro2::{Group, Literal, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};

/// What Rust itself allows behind a number.
const RUST_SUFFIXES: [&str; 14] = [
    "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32",
    "f64",
];

const EXPECTED: &str = "write `5s`, `250ms`, `1.5s`, `2m` or `1h`";

/// Replaces every duration among these tokens by an expression.
pub(crate) fn replace(tokens: TokenStream, errors: &mut Errors) -> TokenStream {
    tokens
        .into_iter()
        .map(|token| match token {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), replace(group.stream(), errors));
                inner.set_span(group.span());
                TokenStream::from(TokenTree::Group(inner))
            }
            TokenTree::Literal(literal) => replace_literal(literal, errors),
            other => TokenStream::from(other),
        })
        .collect()
}

fn replace_literal(literal: Literal, errors: &mut Errors) -> TokenStream {
    let text = literal.to_string();
    let nanos = match nanos(&text) {
        None => return TokenTree::Literal(literal).into(),
        Some(Ok(nanos)) => nanos,
        Some(Err(())) => {
            errors.on(&literal, format!("`{text}` is no duration; {EXPECTED}"));
            0
        }
    };
    let private = private(literal.span());
    quote_spanned!(literal.span()=> #private::Duration::from_nanos(#nanos))
}

/// Whether a literal is a duration; an error if it is none, and no other literal of Rust either.
pub(crate) fn is_duration(literal: &impl ToTokens, errors: &mut Errors) -> bool {
    let text = literal.to_token_stream().to_string();
    let found = nanos(&text);
    if let Some(Err(())) = found {
        errors.on(literal, format!("`{text}` is no duration; {EXPECTED}"));
    }
    found.is_some()
}

/// Nanoseconds of a literal such as `1.5s`; none if it is another literal, an error if its suffix is unknown.
fn nanos(text: &str) -> Option<Result<u64, ()>> {
    let digits = |c: char| c.is_ascii_digit() || c == '.' || c == '_';
    if !text.starts_with(|c: char| c.is_ascii_digit()) || text.starts_with("0x") {
        return None;
    }
    let end = text.find(|c| !digits(c)).unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    if suffix.is_empty()
        || RUST_SUFFIXES.contains(&suffix)
        || suffix.starts_with(['e', 'E', 'b', 'o'])
    {
        return None;
    }
    let unit = match suffix {
        "ms" => 1e6,
        "s" => 1e9,
        "m" => 60e9,
        "h" => 3_600e9,
        _ => return Some(Err(())),
    };
    let nanos = number.replace('_', "").parse::<f64>().map_err(drop).map(|number| number * unit);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
    let whole = |nanos: f64| if nanos < 1e18 { Ok(nanos.round() as u64) } else { Err(()) };
    Some(nanos.and_then(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_told_from_other_literals() {
        for (text, expected) in [
            ("5s", Some(Ok(5_000_000_000))),
            ("250ms", Some(Ok(250_000_000))),
            ("1.5s", Some(Ok(1_500_000_000))),
            ("2m", Some(Ok(120_000_000_000))),
            ("1h", Some(Ok(3_600_000_000_000))),
            ("1_000ms", Some(Ok(1_000_000_000))),
            ("5sec", Some(Err(()))),
            ("5", None),
            ("5u32", None),
            ("1e3", None),
            ("0x5", None),
            ("\"5s\"", None),
        ] {
            assert_eq!(nanos(text), expected, "{text}");
        }
    }
}
