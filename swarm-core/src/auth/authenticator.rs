//! What a mechanism of logging in is, and the client's use of it.

use crate::error::chain;
use crate::http::{Credential, HttpClient, Renew, RequestError};
use std::error::Error;
use std::fmt;
use std::rc::Rc;

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

    /// Gets a new credential in place of one that expires or was refused; logs in again, if not said otherwise.
    ///
    /// # Errors
    ///
    /// As for a login.
    fn renew(
        &self,
        client: &HttpClient,
        old: &Credential,
    ) -> impl Future<Output = Result<Credential, AuthError>> {
        let _ = old;
        self.login(client)
    }
}

impl HttpClient {
    /// Logs in: from now on every request to the host carries the credential.
    ///
    /// The client keeps it good: before it expires, and once after an answer with status 401, it gets a new one from the mechanism (and sends the request
    /// again). While logins fail, they are tried again after pauses that grow from half a second to 30 seconds; meanwhile requests fail with the login's error.
    ///
    /// # Errors
    ///
    /// Those of the mechanism, and a credential that can't be sent as a header.
    pub async fn authenticate(
        &self,
        mechanism: impl Authenticator + 'static,
    ) -> Result<(), AuthError> {
        let credential = mechanism.login(&self.for_login()).await?;
        let (mechanism, client) = (Rc::new(mechanism), self.for_later_logins());
        let renew: Renew = Rc::new(move |old| {
            let (mechanism, client) = (Rc::clone(&mechanism), client());
            Box::pin(async move {
                let client = client.ok_or_else(|| "the user is gone".to_owned())?;
                let renewed = mechanism.renew(&client, &old).await;
                renewed.map_err(|error| chain(&error))
            })
        });
        Ok(self.hold(credential, renew)?)
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

#[cfg(feature = "oauth2")]
impl From<url::ParseError> for AuthError {
    fn from(error: url::ParseError) -> Self {
        Self::new(format!("login failed: an address of the provider is none: {error}"))
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
