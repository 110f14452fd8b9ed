//! What proves who sends a request, and is never shown: values of headers, queries of logins.

use http::header::{COOKIE, HeaderName, HeaderValue, SET_COOKIE};

/// Words in the names of such headers, as in `x-api-key`, `x-amz-security-token`, `set-cookie`.
const WORDS: [&str; 14] = [
    "apikey",
    "auth",
    "authorization",
    "cookie",
    "credential",
    "credentials",
    "csrf",
    "key",
    "password",
    "secret",
    "session",
    "signature",
    "token",
    "xsrf",
];
/// Shortest proof that is looked for in other texts, in bytes: a shorter one stands in many by chance.
const SHORTEST: usize = 8;

/// Whether the value of a header is not to be shown.
pub(super) fn is_private(name: &HeaderName, value: &HeaderValue) -> bool {
    value.is_sensitive() || name.as_str().split(['-', '_']).any(|word| WORDS.contains(&word))
}

/// What is not to be shown elsewhere either: the token behind its scheme, the values of cookies.
pub(super) fn proofs<'a>(name: &HeaderName, value: &'a HeaderValue) -> Vec<&'a str> {
    let Ok(text) = value.to_str() else { return Vec::new() };
    let pairs = match *name {
        COOKIE => text.split(';').collect(),
        // What stands behind the first is no value of the server's.
        SET_COOKIE => text.split(';').take(1).collect(),
        _ => vec![text.rsplit(' ').next().unwrap_or(text)],
    };
    let is_cookie = [COOKIE, SET_COOKIE].contains(name);
    let value = |pair: &'a str| match pair.split_once('=') {
        Some((_, value)) if is_cookie => value.trim(),
        _ => pair.trim(),
    };
    pairs.into_iter().map(value).filter(|value| value.len() >= SHORTEST).collect()
}

/// An address without what stands behind its path.
pub(crate) fn without_query(url: &str) -> String {
    url.find(['?', '#']).map_or_else(|| url.to_owned(), |end| format!("{}?***", &url[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_proves_who_one_is_is_private() {
        for (name, value, expected) in [
            ("authorization", "Bearer abc.def.ghi=", Some(&["abc.def.ghi="][..])),
            ("proxy-authorization", "Basic dXNlcjpwYXNz", Some(&["dXNlcjpwYXNz"])),
            (
                "cookie",
                "session=s3ss10n=x; theme=dark; id=12345678",
                Some(&["s3ss10n=x", "12345678"]),
            ),
            ("set-cookie", "session=s3ss10nid; Path=/authorized; HttpOnly", Some(&["s3ss10nid"])),
            ("x-api-key", "k-1", Some(&[])),
            ("x-amz-security-token", "0123456789", Some(&["0123456789"])),
            ("content-type", "application/json", None),
            ("keep-alive", "timeout=5", None),
            ("author", "somebody", None),
        ] {
            let (header, value) = (HeaderName::from_static(name), HeaderValue::from_static(value));
            assert_eq!(is_private(&header, &value), expected.is_some(), "{name}");
            if let Some(expected) = expected {
                assert_eq!(proofs(&header, &value), expected, "{name}");
            }
        }
        let mut value = HeaderValue::from_static("1");
        value.set_sensitive(true);
        assert!(is_private(&HeaderName::from_static("x-user"), &value));
    }
}
