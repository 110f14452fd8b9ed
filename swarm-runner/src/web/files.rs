//! The result, as a file of its own.

use super::answers;
use super::refusal::Refused;
use super::site::Site;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use std::sync::Arc;
use swarm_core::report::Report;

/// `GET /api/v1/report`
pub(super) async fn report(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    Ok(answers::json(&headers, &*latest(&site)?))
}

fn latest(site: &Site) -> Result<Arc<Report>, Refused> {
    site.snapshot().report.clone().ok_or_else(|| Refused::missing("there are no figures yet"))
}
