//! The secret values of a run, and taking them out of what is shown or written.

use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

/// Shortest value that is taken out, in bytes: a shorter one stands in many texts by chance.
const SHORTEST: usize = 4;
/// What stands in its place.
const MARK: &str = "***";

/// Secret values, taken out of texts by [`redact`](Self::redact).
///
/// Values of less than four bytes are left alone. A clone costs nothing.
///
/// ```
/// use swarm_core::secrets::Secrets;
///
/// let secrets = Secrets::new(["hunter2 "]);
/// assert_eq!(secrets.redact("/login?password=hunter2%20&page=1"), "/login?password=***&page=1");
/// assert_eq!(secrets.redact("/login?page=1"), "/login?page=1");
/// ```
#[derive(Clone, Default)]
pub struct Secrets(Option<AhoCorasick>);

impl Secrets {
    /// These values.
    #[must_use]
    pub fn new<T: AsRef<str>>(values: impl IntoIterator<Item = T>) -> Self {
        let values = values.into_iter();
        let forms: BTreeSet<String> = values.flat_map(|value| forms(value.as_ref())).collect();
        if forms.is_empty() {
            return Self::default();
        }
        // It fails on 2³¹ states, which are more bytes than an environment or a file of settings has.
        Self(AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(forms).ok())
    }

    /// The text with `***` in place of every secret value: as it is, percent-encoded, escaped as in JSON, or in base64, also where it is only a part of
    /// what was encoded (`user:password`).
    ///
    /// A text without a secret is given back as it is. In one with a percent-encoded secret, the rest is decoded too.
    #[must_use]
    pub fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let Some(matcher) = &self.0 else { return Cow::Borrowed(text) };
        let text = match matcher.is_match(text) {
            true => Cow::Owned(replace(matcher, text)),
            false => Cow::Borrowed(text),
        };
        // Which characters are encoded depends on who encodes them; decoded all are the same. In a form `+` is a space, in a path it is itself.
        if text.contains(['%', '+']) {
            for encoded in [Cow::Borrowed(&*text), Cow::Owned(text.replace('+', " "))] {
                let decoded = percent_decode_str(&encoded).decode_utf8_lossy();
                if matcher.is_match(&*decoded) {
                    return Cow::Owned(replace(matcher, &decoded));
                }
            }
        }
        text
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secrets(***)")
    }
}

fn replace(matcher: &AhoCorasick, text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    matcher.replace_all_with(text, &mut out, |_, _, out| {
        out.push_str(MARK);
        true
    });
    out
}

/// The ways in which a value stands in a text.
fn forms(value: &str) -> Vec<String> {
    if value.len() < SHORTEST {
        return Vec::new();
    }
    let inner = |quoted: &str| quoted[1..quoted.len() - 1].to_owned();
    let mut forms = vec![value.to_owned(), inner(&format!("{value:?}"))];
    // A text is always JSON.
    forms.extend(serde_json::to_string(value).ok().as_deref().map(inner));
    for engine in [STANDARD, URL_SAFE] {
        // Base64 takes three bytes at a time, so there are three ways, by what stands before the value.
        for before in 0..3 {
            let bytes = [&[0; 2][..before], value.as_bytes()].concat();
            let encoded = engine.encode(&bytes);
            // Characters that hold no bit of what stands before or behind.
            let (begin, end) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
            forms.push(encoded[begin..end].to_owned());
            forms.push(encoded[begin..].trim_end_matches('=').to_owned());
            forms.push(encoded[begin..].to_owned());
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_secret_is_found_in_all_its_forms() {
        let secrets = Secrets::new(["pa/ss w\"ö+rd"]);
        for (text, expected) in [
            ("it is pa/ss w\"ö+rd!", "it is ***!"),
            ("/x?p=pa%2Fss%20w%22%C3%B6%2Brd&y=%20", "/x?p=***&y= "),
            ("/x?p=pa%2fss+w%22%c3%b6%2brd", "/x?p=***"),
            ("/pa/ss%20w%22%C3%B6+rd/y", "/***/y"),
            (r#"{"p":"pa/ss w\"ö+rd"}"#, r#"{"p":"***"}"#),
            (r#"Login("pa/ss w\"ö+rd")"#, r#"Login("***")"#),
            ("pa/ss w", "pa/ss w"),
            ("100%", "100%"),
            ("", ""),
        ] {
            assert_eq!(secrets.redact(text), expected);
        }
        assert_eq!(format!("{secrets:?}"), "Secrets(***)");
    }

    #[test]
    fn short_values_are_left_alone_and_of_two_the_longer_one_is_taken() {
        assert_eq!(Secrets::new(["abc", ""]).redact("abc and abc"), "abc and abc");
        let both = Secrets::new(["pass", "password"]);
        assert_eq!(both.redact("password, pass"), "***, ***");
        assert_eq!(Secrets::default().redact("password"), "password");
    }

    proptest! {
        /// Whatever stands around it, and however it is encoded.
        #[test]
        fn nothing_of_it_is_left(before in ".{0,5}", secret in "[a-zA-Z0-9_ /+]{8,20}", after in ".{0,5}") {
            let secrets = Secrets::new([&secret]);
            let text = format!("{before}{secret}{after}");
            let url: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
            prop_assert!(!secrets.redact(&text).contains(&secret));
            prop_assert!(secrets.redact(&url).contains(MARK));
            for engine in [STANDARD, URL_SAFE] {
                let encoded = engine.encode(&text);
                let shown = secrets.redact(&encoded);
                prop_assert!(shown.contains(MARK), "{encoded}: {shown}");
                // The characters at both ends are a few bits of it.
                prop_assert!(shown.len() <= MARK.len() + engine.encode(&before).len() + engine.encode(&after).len() + 4);
            }
        }
    }
}
