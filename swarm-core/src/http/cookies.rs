//! The cookies of one user.

use cookie_store::CookieStore;
use http::HeaderMap;
use http::header::{HeaderValue, SET_COOKIE};
use url::Url;

/// A cookie jar that costs nothing while it is empty.
#[derive(Default)]
pub(super) struct Cookies(Option<Box<CookieStore>>);

impl Cookies {
    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The header for a request to this URL.
    pub(super) fn header(&self, url: &Url) -> Option<HeaderValue> {
        let pairs: Vec<String> = self
            .0
            .as_ref()?
            .get_request_values(url)
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let header = HeaderValue::from_str(&pairs.join("; ")).ok()?;
        (!pairs.is_empty()).then_some(header)
    }

    /// Keeps what an answer from this URL sets. What is malformed is left out, as browsers do.
    pub(super) fn store(&mut self, headers: &HeaderMap, url: &Url) {
        for value in headers.get_all(SET_COOKIE) {
            if let Ok(text) = value.to_str() {
                let _ = self.0.get_or_insert_default().parse(text, url);
            }
        }
    }
}
