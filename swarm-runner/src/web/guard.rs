//! What every request has to pass, and every answer carries: no other site may read or change anything by way of a browser.

use super::refusal::Refused;
use super::site::Site;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{
    CONTENT_SECURITY_POLICY, HOST, HeaderName, HeaderValue, ORIGIN, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// How long an answer may take to begin.
const LONGEST: Duration = Duration::from_secs(60);

const POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Headers of every answer.
const HEADERS: [(HeaderName, &str); 4] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (REFERRER_POLICY, "no-referrer"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
];

/// Lets through what comes from the page itself, or from no page.
pub(super) async fn guard(
    State(site): State<Arc<Site>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let passed =
        site.take(from.ip()).and_then(|()| check(&site, request.method(), request.headers()));
    let mut answer = match passed {
        Err(refused) => refused.into_response(),
        Ok(()) => timeout(LONGEST, next.run(request)).await.unwrap_or_else(|_| {
            Refused::new(StatusCode::GATEWAY_TIMEOUT, "it took too long").into_response()
        }),
    };
    mark(&mut answer);
    answer
}

/// Adds the headers that every answer has.
pub(super) fn mark(answer: &mut Response) {
    for (name, value) in HEADERS {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
}

fn check(site: &Site, method: &Method, headers: &HeaderMap) -> Result<(), Refused> {
    let forbidden = |why: String| Err(Refused::new(StatusCode::FORBIDDEN, why));
    let text = |name| headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or("?"));
    let host = text(HOST).unwrap_or_default();
    // A name of another site that was made to lead here comes with that name, but not with a cookie of ours.
    if site.access.is_none() {
        check_host(headers, &site.options.web.web_host)?;
    }
    if method.is_safe() {
        return Ok(());
    }
    if let Some(origin) = text(ORIGIN) {
        let authority = origin.split_once("://").map(|(_, authority)| authority);
        if authority != Some(host) {
            return forbidden(format!("a page of `{origin}` may change nothing here"));
        }
    }
    let from = headers.get("sec-fetch-site").map(|from| from.to_str().unwrap_or("?"));
    if from.is_some_and(|from| !["same-origin", "none"].contains(&from)) {
        return forbidden("a page of another site may change nothing here".to_owned());
    }
    Ok(())
}

/// Lets through what names this server, as its own address or as it was told.
pub(super) fn check_host(headers: &HeaderMap, own: &str) -> Result<(), Refused> {
    let host = headers.get(HOST).map_or("", |host| host.to_str().unwrap_or("?"));
    if is_ours(name_of(host), own) {
        return Ok(());
    }
    Err(Refused::new(StatusCode::FORBIDDEN, format!("this server is not called `{host}`")))
}

/// A host without its port.
fn name_of(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => name,
        _ => host,
    }
}

fn is_ours(name: &str, own: &str) -> bool {
    let known = ["localhost", "127.0.0.1", "[::1]", own];
    let bracketed = format!("[{own}]");
    known.into_iter().chain([bracketed.as_str()]).any(|known| known.eq_ignore_ascii_case(name))
}
