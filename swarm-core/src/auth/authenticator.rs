//! What a mechanism of logging in is, and the client's use of it.

use crate::http::{HttpClient, RequestError};
use crate::settings::Secret;
use http::HeaderValue;
use std::error::Error;
use std::fmt;
use std::time::Duration;

/// A way to log in: gets a credential, and says when it expires.
///
/// The client it is given sends no credential, shares the user's cookies, and its requests are of kind `auth` in the statistics.
///
/// ```
/// use swarm_core::prelude::*;
///
/// /// Logs in with a key.
/// struct KeyAuth(Secret);
///
/// impl Authenticator for KeyAuth {
///     async fn login(&self, client: &HttpClient) -> Result<Credential, AuthError> {
///         let answer = client.post("/session").bearer_auth(&self.0).await?;
///         Ok(Credential::bearer(&Secret::new(answer.text()?)))
///     }
/// }
/// ```
pub trait Authenticator {
    /// Gets a credential.
    ///
    /// # Errors
    ///
    /// A failed request, or an answer without credential.
    fn login(&self, client: &HttpClient) -> impl Future<Output = Result<Credential, AuthError>>;
}

/// What a request proves with who sends it: a value for the header `Authorization`.
#[derive(Clone)]
pub struct Credential {
    value: Secret,
    lifetime: Option<Duration>,
}

impl Credential {
    /// A token, sent as `Bearer`.
    #[must_use]
    pub fn bearer(token: &Secret) -> Self {
        Self { value: Secret::new(format!("Bearer {}", token.expose())), lifetime: None }
    }

    /// How long it is valid; for ever if not given.
    #[must_use]
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }

    /// How long it is valid.
    #[must_use]
    pub fn lifetime(&self) -> Option<Duration> {
        self.lifetime
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Credential").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}

impl HttpClient {
    /// Logs in: from now on every request to the host carries the credential.
    ///
    /// # Errors
    ///
    /// Those of the mechanism, and a credential that can't be sent as a header.
    pub async fn authenticate(&self, mechanism: impl Authenticator) -> Result<(), AuthError> {
        let credential = mechanism.login(&self.for_login()).await?;
        let mut value = HeaderValue::try_from(credential.value.expose())
            .map_err(|_| AuthError::new("the credential can't be sent as a header"))?;
        value.set_sensitive(true);
        self.set_credential(value);
        Ok(())
    }
}

/// Why a login failed.
#[derive(Debug)]
pub struct AuthError {
    message: String,
    request: Option<RequestError>,
}

impl AuthError {
    /// A login that failed for this reason. Say nothing secret.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), request: None }
    }
}

impl From<RequestError> for AuthError {
    fn from(request: RequestError) -> Self {
        Self { message: "login failed".to_owned(), request: Some(request) }
    }
}

impl From<crate::http::BodyError> for AuthError {
    fn from(_: crate::http::BodyError) -> Self {
        // Its own message quotes the body, which may hold a token.
        Self::new("login failed: the answer is not what was expected")
    }
}

impl fmt::Display for AuthError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl Error for AuthError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.request.as_ref().map(|error| error as _)
    }
}
