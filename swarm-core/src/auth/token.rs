//! A login endpoint that answers with a token.

use super::authenticator::{AuthError, Authenticator};
use crate::http::{Credential, HttpClient, Request};
use crate::settings::Secret;
use serde::Serialize;
use serde_json::Value;
use std::time::Duration;

/// Where most services put the token in their answer, and its lifetime.
const TOKENS: [&str; 2] = ["/token", "/access_token"];
const LIFETIMES: [&str; 1] = ["/expires_in"];

/// Logs in at an endpoint, and sends the token that it answers with.
///
/// The endpoint gets a POST, and answers with JSON. The token is looked for at `/token` and `/access_token`, its lifetime in seconds at `/expires_in`, if not
/// said otherwise; it is sent as `Authorization: Bearer …`.
///
/// ```
/// use serde_json::json;
/// use swarm_core::prelude::*;
///
/// async fn login(client: &HttpClient, password: &Secret) -> TaskResult {
///     // Name and password as basic credentials.
///     client.authenticate(TokenAuth::login("/login", "demo", password)).await?;
///     // Or in a body, with an answer and a header of the service's own.
///     let body = json!({ "user": "demo", "key": password.expose() });
///     let login = TokenAuth::json("/sessions", &body).token_at("/data/key").lifetime_at("/data/ttl");
///     client.authenticate(login.header("x-session").scheme("")).await?;
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone)]
pub struct TokenAuth {
    endpoint: String,
    proof: Proof,
    token_at: Option<String>,
    lifetime_at: Option<String>,
    header: String,
    scheme: String,
}

/// What is sent to log in. All of it is secret.
#[derive(Debug, Clone)]
enum Proof {
    Basic { username: String, password: Secret },
    Json(Result<Secret, String>),
    Form(Result<Secret, String>),
}

impl TokenAuth {
    /// A login at this endpoint with name and password as basic credentials.
    pub fn login(endpoint: impl Into<String>, username: &str, password: &Secret) -> Self {
        let proof = Proof::Basic { username: username.to_owned(), password: password.clone() };
        Self::with(endpoint.into(), proof)
    }

    /// A login with a JSON body.
    pub fn json(endpoint: impl Into<String>, body: &impl Serialize) -> Self {
        let text = serde_json::to_string(body).map_err(|error| error.to_string());
        Self::with(endpoint.into(), Proof::Json(text.map(Secret::new)))
    }

    /// A login with fields as an HTML form sends them: pairs, or a struct.
    pub fn form(endpoint: impl Into<String>, fields: &impl Serialize) -> Self {
        let text = serde_urlencoded::to_string(fields).map_err(|error| error.to_string());
        Self::with(endpoint.into(), Proof::Form(text.map(Secret::new)))
    }

    fn with(endpoint: String, proof: Proof) -> Self {
        let (header, scheme) = ("authorization".to_owned(), "Bearer".to_owned());
        Self { endpoint, proof, token_at: None, lifetime_at: None, header, scheme }
    }

    /// Where the token is in the answer: a JSON pointer (RFC 6901), as `/data/token`.
    #[must_use]
    pub fn token_at(mut self, pointer: impl Into<String>) -> Self {
        self.token_at = Some(pointer.into());
        self
    }

    /// Where the token's lifetime in seconds is in the answer: a JSON pointer, as `/data/ttl`.
    #[must_use]
    pub fn lifetime_at(mut self, pointer: impl Into<String>) -> Self {
        self.lifetime_at = Some(pointer.into());
        self
    }

    /// The header that the token is sent in.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>) -> Self {
        self.header = name.into();
        self
    }

    /// What stands before the token in its header; nothing if it is empty.
    #[must_use]
    pub fn scheme(mut self, scheme: impl Into<String>) -> Self {
        self.scheme = scheme.into();
        self
    }

    fn request(&self, client: &HttpClient) -> Result<Request, AuthError> {
        let request = client.post(&self.endpoint);
        let bad = |why: &String| AuthError::new(format!("the login can't be written: {why}"));
        Ok(match &self.proof {
            Proof::Basic { username, password } => request.basic_auth(username, password),
            Proof::Json(body) => {
                let body = body.as_ref().map_err(bad)?.expose().to_owned();
                request.header("content-type", "application/json").body(body)
            }
            Proof::Form(body) => {
                let body = body.as_ref().map_err(bad)?.expose().to_owned();
                request.header("content-type", "application/x-www-form-urlencoded").body(body)
            }
        })
    }
}

impl Authenticator for TokenAuth {
    async fn login(&self, client: &HttpClient) -> Result<Credential, AuthError> {
        let answer = self.request(client)?.await?.json::<Value>()?;
        let token = at(&answer, self.token_at.as_deref(), &TOKENS).and_then(Value::as_str);
        let Some(token) = token else {
            let at = self.token_at.clone().unwrap_or_else(|| TOKENS.join(" or "));
            let message =
                format!("login failed: {} answered without a token at {at}", self.endpoint);
            return Err(AuthError::new(message));
        };
        let value = format!("{} {token}", self.scheme);
        let credential = Credential::header(&self.header, &Secret::new(value.trim_start()));
        let seconds = at(&answer, self.lifetime_at.as_deref(), &LIFETIMES).and_then(seconds);
        match (seconds, &self.lifetime_at) {
            (Some(seconds), _) => Ok(credential.expires_in(seconds)),
            (None, None) => Ok(credential),
            (None, Some(at)) => {
                let endpoint = &self.endpoint;
                Err(AuthError::new(format!(
                    "login failed: {endpoint} answered without seconds at {at}"
                )))
            }
        }
    }
}

/// What stands at the pointer that is given, else at the first of the usual ones.
fn at<'a>(answer: &'a Value, given: Option<&str>, usual: &[&str]) -> Option<&'a Value> {
    match given {
        Some(pointer) => answer.pointer(pointer),
        None => usual.iter().find_map(|pointer| answer.pointer(pointer)),
    }
}

/// A number of seconds; some services write it as a text.
fn seconds(value: &Value) -> Option<Duration> {
    let seconds = value.as_f64().or_else(|| value.as_str()?.parse().ok())?;
    Duration::try_from_secs_f64(seconds).ok()
}
