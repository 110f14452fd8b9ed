//! What systems that collect metrics are told, in the format that they want.

use super::answers;
use super::site::Site;
use crate::metrics::{Format, Kept};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, HeaderValue, VARY};
use axum::response::Response;
use std::sync::Arc;

/// `GET /metrics`
pub(super) async fn metrics(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    exposition(&site.metrics, &headers).await
}

/// The metrics as they are now.
pub(super) async fn exposition(metrics: &Kept, headers: &HeaderMap) -> Response {
    let accept = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let format = Format::wanted(accept);
    let text = metrics.text(format).await;
    let mut answer = answers::text(headers, format.content_type(), text.to_string());
    answer.headers_mut().insert(VARY, HeaderValue::from_static("accept, accept-encoding"));
    answer
}
