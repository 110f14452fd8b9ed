//! Name and password with every request.

use super::authenticator::{AuthError, Authenticator};
use crate::http::{Credential, HttpClient};
use crate::settings::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Name and password with every request (RFC 7617). Logging in asks for nothing.
///
/// ```
/// use swarm_core::prelude::*;
///
/// async fn login(client: &HttpClient, password: &Secret) -> TaskResult {
///     client.authenticate(BasicAuth::new("demo", password)).await?;
///     client.get("/account").await?;
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone)]
pub struct BasicAuth {
    username: String,
    password: Secret,
}

impl BasicAuth {
    /// This name and password.
    pub fn new(username: impl Into<String>, password: &Secret) -> Self {
        Self { username: username.into(), password: password.clone() }
    }
}

impl Authenticator for BasicAuth {
    async fn login(&self, _: &HttpClient) -> Result<Credential, AuthError> {
        if self.username.contains(':') {
            return Err(AuthError::new("a name with `:` can't be sent as basic credentials"));
        }
        let pair = STANDARD.encode(format!("{}:{}", self.username, self.password.expose()));
        Ok(Credential::header("authorization", &Secret::new(format!("Basic {pair}"))))
    }
}
