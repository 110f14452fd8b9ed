//! How a request is refused: a status, what is wrong, and what to do about it.

use crate::error::UsageError;
use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// A refusal with its status.
#[derive(Debug)]
pub(super) struct Refused {
    status: StatusCode,
    body: Problem,
}

/// What is wrong with a request.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct Problem {
    /// What is wrong.
    error: String,
    /// What to do about it.
    help: Vec<String>,
}

impl Refused {
    pub(super) fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self { status, body: Problem { error: error.into(), help: Vec::new() } }
    }

    /// It can't be done now.
    pub(super) fn conflict(error: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, error)
    }

    /// There is none.
    pub(super) fn missing(error: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, error)
    }
}

/// It can't be done at all.
impl From<UsageError> for Refused {
    fn from(error: UsageError) -> Self {
        let body = Problem { error: error.message, help: error.help };
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, body }
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
        (self.status, Json(self.body)).into_response()
    }
}
