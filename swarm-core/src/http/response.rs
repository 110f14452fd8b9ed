//! An answer, read whole.

use bytes::Bytes;
use http::header::AsHeaderName;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::error::Error;
use std::fmt;
use std::time::Duration;

/// The answer to a request, with its whole body.
#[derive(Clone)]
pub struct Response {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) url: String,
    pub(super) elapsed: Duration,
}

impl Response {
    /// HTTP status: 200, 404, …
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The first header of this name, if it is there and is text.
    #[must_use]
    pub fn header(&self, name: impl AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Where it came from after all redirects: a path of the host, or an absolute URL.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Time from the start of the request until the whole answer was read.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The body.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.body
    }

    /// The body as text.
    ///
    /// # Errors
    ///
    /// A body that is not UTF-8.
    pub fn text(&self) -> Result<&str, BodyError> {
        str::from_utf8(&self.body).map_err(|_| BodyError("the body is not UTF-8".to_owned()))
    }

    /// A value in the body, which is JSON: by its pointer (RFC 6901), as `/data/items/0/id`.
    ///
    /// # Errors
    ///
    /// A body that is not JSON, a place that is not there, a value of another type; the message says what is there.
    ///
    /// ```
    /// use swarm_core::prelude::*;
    ///
    /// async fn first_item(client: &HttpClient) -> Result<u32, TaskError> {
    ///     Ok(client.get("/items").await?.at("/data/0/id")?)
    /// }
    /// ```
    pub fn at<T: DeserializeOwned>(&self, pointer: &str) -> Result<T, BodyError> {
        let body: Value = self.json()?;
        let value = body
            .pointer(pointer)
            .ok_or_else(|| BodyError(format!("no `{pointer}`; {}", nearest(&body, pointer))))?;
        T::deserialize(value)
            .map_err(|error| BodyError(format!("`{pointer}` is {}: {error}", kind(value))))
    }

    /// The body as JSON.
    ///
    /// # Errors
    ///
    /// A body that is not JSON of this type; the message says where, and how the body begins.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, BodyError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let body = String::from_utf8_lossy(&self.body);
            let begins = &body[..body.floor_char_boundary(100)];
            BodyError(format!("the body is not the expected JSON: {error}; it begins: {begins}"))
        })
    }
}

/// A value's type in the words of JSON.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The deepest place on the way to a pointer that is there, and what is in it.
fn nearest(body: &Value, pointer: &str) -> String {
    let ends = pointer.match_indices('/').map(|(at, _)| &pointer[..at]).rev();
    let Some((place, value)) = ends.filter_map(|at| Some((at, body.pointer(at)?))).next() else {
        return "a pointer begins with `/`".to_owned();
    };
    let place = if place.is_empty() { "the body".to_owned() } else { format!("`{place}`") };
    match value {
        Value::Object(fields) => {
            let names: Vec<&str> = fields.keys().map(String::as_str).collect();
            format!("{place} has: {}", names.join(", "))
        }
        Value::Array(items) => format!("{place} is a list of {}", items.len()),
        other => format!("{place} is {}", kind(other)),
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Response({}, {} bytes)", self.status, self.body.len())
    }
}

/// A body that is not what was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyError(String);

impl fmt::Display for BodyError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl Error for BodyError {}
