//! A login endpoint that answers with a token.

use super::authenticator::{AuthError, Authenticator, Credential};
use crate::http::HttpClient;
use crate::settings::Secret;
use serde_json::Value;

/// Where most services put the token in their answer.
const POINTERS: [&str; 2] = ["/token", "/access_token"];

/// Logs in at an endpoint with name and password, and sends the token that it answers with.
///
/// The endpoint gets a POST with basic credentials, and answers with JSON that has a `token` or an `access_token`.
///
/// ```
/// use swarm_core::prelude::*;
///
/// async fn login(client: &HttpClient, password: &Secret) -> TaskResult {
///     client.authenticate(TokenAuth::login("/login", "demo", password)).await?;
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone)]
pub struct TokenAuth {
    endpoint: String,
    username: String,
    password: Secret,
    pointer: Option<String>,
}

impl TokenAuth {
    /// A login at this endpoint.
    pub fn login(endpoint: impl Into<String>, username: &str, password: &Secret) -> Self {
        Self {
            endpoint: endpoint.into(),
            username: username.to_owned(),
            password: password.clone(),
            pointer: None,
        }
    }

    /// Where the token is in the answer: a JSON pointer (RFC 6901), as `/data/token`.
    #[must_use]
    pub fn token_at(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = Some(pointer.into());
        self
    }
}

impl Authenticator for TokenAuth {
    async fn login(&self, client: &HttpClient) -> Result<Credential, AuthError> {
        let request = client.post(&self.endpoint).basic_auth(&self.username, &self.password);
        let answer = request.await?.json::<Value>()?;
        let found = match &self.pointer {
            Some(pointer) => answer.pointer(pointer),
            None => POINTERS.iter().find_map(|pointer| answer.pointer(pointer)),
        };
        match found.and_then(Value::as_str) {
            Some(token) => Ok(Credential::bearer(&Secret::new(token))),
            None => {
                let at = self.pointer.as_deref().unwrap_or("/token or /access_token");
                let message =
                    format!("login failed: {} answered without a token at {at}", self.endpoint);
                Err(AuthError::new(message))
            }
        }
    }
}
