//! Logging in and out, and the gate before all that only those who are logged in may see.

use super::access::{Credentials, Visit, said};
use super::refusal::Refused;
use super::site::Site;
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::JsonRejection;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, ORIGIN, SET_COOKIE,
};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use std::net::SocketAddr;
use std::sync::Arc;

/// How a browser says whose page asks.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// `POST /login`
pub(super) async fn login(
    State(site): State<Arc<Site>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    body: Result<Json<Credentials>, JsonRejection>,
) -> Result<Response, Refused> {
    let Json(credentials) = body?;
    let Some(access) = &site.access else { return Ok(StatusCode::NO_CONTENT.into_response()) };
    access.check(credentials, from.ip()).await?;
    let cookie = access.begin()?;
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, cookie)]).into_response())
}

/// `POST /logout`
pub(super) async fn logout(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    let done = StatusCode::NO_CONTENT;
    match &site.access {
        Some(access) => (done, [(SET_COOKIE, access.end(&headers))]).into_response(),
        None => done.into_response(),
    }
}

/// Lets through who is logged in, if that is demanded.
pub(super) async fn gate(
    State(site): State<Arc<Site>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    method: Method,
    headers: HeaderMap,
    request: Request,
    next: Next,
) -> Response {
    let visit = match admit(&site, from, &method, &headers).await {
        Ok(visit) => visit,
        Err(refused) => return refused.into_response(),
    };
    let mut answer = next.run(request).await;
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    match visit {
        Some(visit) if is_stream(&answer) => while_logged_in(answer, site, visit),
        _ => answer,
    }
}

/// The session of who asks; none where none is needed.
async fn admit(
    site: &Site,
    from: SocketAddr,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Option<Visit>, Refused> {
    let Some(access) = &site.access else { return Ok(None) };
    if let Some(credentials) = said(headers) {
        access.check(credentials, from.ip()).await?;
        return Ok(None);
    }
    let visit = access.visit(headers);
    let visit = visit.ok_or_else(|| Refused::log_in(access.login(), "log in first"))?;
    // A cookie comes along with whatever a browser is made to send, so it has to say whose page asks; the guard has looked at what it says.
    let says_who = headers.contains_key(ORIGIN) || headers.contains_key(FETCH_SITE);
    if method.is_safe() || says_who {
        return Ok(Some(visit));
    }
    let why = "with a cookie, a request that changes something must have the header `Origin`";
    Err(Refused::new(StatusCode::FORBIDDEN, why))
}

fn is_stream(answer: &Response) -> bool {
    let kind = answer.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/event-stream"))
}

/// The answer, which ends with the session; who looks on is no idle one.
fn while_logged_in(answer: Response, site: Arc<Site>, visit: Visit) -> Response {
    let Visit { id, mut alive } = visit;
    let (head, body) = answer.into_parts();
    let over = async move { drop(alive.changed().await) };
    let parts = body.into_data_stream().take_until(over).inspect(move |_| {
        if let Some(access) = &site.access {
            access.used(&id);
        }
    });
    Response::from_parts(head, Body::from_stream(parts))
}
