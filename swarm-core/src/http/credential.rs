//! What requests prove with who sends them.

use super::error::Cause;
use crate::settings::Secret;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use std::fmt;
use std::time::Duration;

/// What requests prove with who sends them: a header, or cookies; how long that is valid; a token that gets a new one.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// None where cookies are the proof.
    header: Option<(String, Secret)>,
    lifetime: Option<Duration>,
    refresh_token: Option<Secret>,
}

impl Credential {
    /// A token, sent as `Authorization: Bearer …`.
    #[must_use]
    pub fn bearer(token: &Secret) -> Self {
        let value = Secret::new(format!("Bearer {}", token.expose()));
        Self::header(AUTHORIZATION.as_str(), &value)
    }

    /// A header of any name: `Credential::header("x-api-key", &key)`.
    #[must_use]
    pub fn header(name: impl Into<String>, value: &Secret) -> Self {
        let header = Some((name.into(), value.clone()));
        Self { header, lifetime: None, refresh_token: None }
    }

    /// The cookies that were set while logging in, which the user keeps like all others.
    #[must_use]
    pub fn cookies() -> Self {
        Self { header: None, lifetime: None, refresh_token: None }
    }

    /// How long it is valid; for ever if not given. It is renewed when three quarters to nine tenths of this time are over, each user at a moment of its own.
    #[must_use]
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }

    /// A token that gets a new credential in place of this one.
    #[must_use]
    pub fn refreshed_by(mut self, token: &Secret) -> Self {
        self.refresh_token = Some(token.clone());
        self
    }

    /// How long it is valid.
    #[must_use]
    pub fn lifetime(&self) -> Option<Duration> {
        self.lifetime
    }

    /// The token that gets a new one.
    #[must_use]
    pub fn refresh_token(&self) -> Option<&Secret> {
        self.refresh_token.as_ref()
    }

    /// Whether requests with this one and with the other look the same.
    pub(crate) fn sends_the_same(&self, other: &Self) -> bool {
        self.header.is_some() && self.header == other.header
    }

    /// The header that is sent.
    pub(super) fn to_header(&self) -> Result<Option<(HeaderName, HeaderValue)>, Cause> {
        let Some((name, value)) = &self.header else { return Ok(None) };
        let bad = |_| Cause::Invalid("the credential can't be sent as a header".to_owned());
        let name = HeaderName::try_from(name).map_err(|error| bad(error.to_string()))?;
        let value = HeaderValue::try_from(value.expose());
        let mut value = value.map_err(|error| bad(error.to_string()))?;
        value.set_sensitive(true);
        Ok(Some((name, value)))
    }

    /// A text without the token, if it stands there.
    pub(super) fn conceal(&self, text: &str) -> String {
        let value = self.header.as_ref().map_or("", |(_, value)| value.expose());
        // Without the scheme before it.
        match value.rsplit(' ').next() {
            Some(token) if !token.is_empty() => text.replace(token, "***"),
            _ => text.to_owned(),
        }
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Credential").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}
