//! How a request is refused: a status, what is wrong, and what to do about it.

use crate::error::UsageError;
use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::time::Duration;

/// A refusal with its status.
#[derive(Debug)]
pub(super) struct Refused {
    status: StatusCode,
    body: Problem,
    retry_after: Option<Duration>,
}

/// What is wrong with a request.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct Problem {
    /// What is wrong.
    error: String,
    /// What to do about it.
    help: Vec<String>,
    /// With status 401: what one logs in with.
    #[serde(skip_serializing_if = "Option::is_none")]
    login: Option<Login>,
}

/// What one logs in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub(super) enum Login {
    /// The token that the program printed when it started.
    Token,
    /// The name of a user, and the password.
    Password,
}

impl Refused {
    pub(super) fn new(status: StatusCode, error: impl Into<String>) -> Self {
        let body = Problem { error: error.into(), help: Vec::new(), login: None };
        Self { status, body, retry_after: None }
    }

    /// It can't be done now.
    pub(super) fn conflict(error: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, error)
    }

    /// Nobody is logged in.
    pub(super) fn log_in(login: Login, error: impl Into<String>) -> Self {
        let help = match login {
            Login::Token => {
                "open the address with the token that the program printed when it started; \
                a program sends the header `Authorization: Bearer TOKEN`"
            }
            Login::Password => {
                "log in on the page with one of the users of --web-user; \
                a program sends user and password in the header `Authorization: Basic`"
            }
        };
        let mut refused = Self::new(StatusCode::UNAUTHORIZED, error);
        refused.body.help.push(help.to_owned());
        refused.body.login = Some(login);
        refused
    }

    /// There were too many of these.
    pub(super) fn too_often(what: &str, retry_after: Duration) -> Self {
        let seconds = retry_after.as_secs_f64().ceil().max(1.0);
        let error = format!("too many {what}: try again in {seconds} s");
        let refused = Self::new(StatusCode::TOO_MANY_REQUESTS, error);
        Self { retry_after: Some(Duration::from_secs_f64(seconds)), ..refused }
    }

    /// There is none.
    pub(super) fn missing(error: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, error)
    }
}

/// It can't be done at all.
impl From<UsageError> for Refused {
    fn from(error: UsageError) -> Self {
        let mut refused = Self::new(StatusCode::UNPROCESSABLE_ENTITY, error.message);
        refused.body.help = error.help;
        refused
    }
}

impl From<JsonRejection> for Refused {
    fn from(rejection: JsonRejection) -> Self {
        Self::new(rejection.status(), rejection.body_text())
    }
}

impl From<QueryRejection> for Refused {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(rejection.status(), rejection.body_text())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (login, retry_after) = (self.body.login, self.retry_after);
        let mut answer = (self.status, Json(self.body)).into_response();
        let headers = answer.headers_mut();
        if let Some(retry_after) = retry_after {
            headers.insert(RETRY_AFTER, retry_after.as_secs().into());
        }
        if let Some(login) = login {
            // For `Basic` a browser would ask by a window of its own.
            let scheme = if login == Login::Token { "Bearer" } else { "X-Basic" };
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(scheme));
        }
        answer
    }
}
