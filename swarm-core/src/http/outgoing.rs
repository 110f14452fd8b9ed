//! A request as it is sent, with all its headers.

use super::decode::ACCEPTED;
use super::error::Cause;
use super::session::Session;
use super::target::Origin;
use super::transcript::Transcript;
use super::upload::{Sending, Upload};
use super::wire::Progress;
use crate::stats::Phases;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_LENGTH, COOKIE, HOST, HeaderMap, HeaderValue, USER_AGENT,
};
use http::{HeaderName, Method, Uri};
use std::cell::Cell;
use std::rc::Rc;
use url::Url;

pub(super) const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// A request as it is sent.
pub(super) struct Outgoing {
    pub(super) method: Method,
    pub(super) headers: HeaderMap,
    pub(super) body: Upload,
    /// Whether the session's credential is sent.
    pub(super) with_credential: bool,
    /// How many redirects are followed; with none, a redirect is an answer.
    pub(super) most_redirects: usize,
    /// Where the time went.
    pub(super) phases: Rc<Cell<Phases>>,
    /// Whether the body of the answer may be packed.
    pub(super) may_be_packed: bool,
    /// Where it is noted, if somebody looks on.
    pub(super) transcript: Option<Rc<Transcript>>,
}

/// The request of one attempt: what it says itself wins over the session's headers, these over those of every request.
pub(super) fn request(
    session: &Session,
    outgoing: &mut Outgoing,
    origin: &Origin,
    uri: &Uri,
    progress: &Rc<Progress>,
) -> Result<http::Request<Sending>, Cause> {
    const AGENT: HeaderValue =
        HeaderValue::from_static(concat!("swarm/", env!("CARGO_PKG_VERSION")));
    const ANY: HeaderValue = HeaderValue::from_static("*/*");
    let length = outgoing.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let length = length.and_then(|length| length.parse().ok());
    let is_empty = outgoing.body.is_empty();
    let body = Sending::new(outgoing.body.take(), length, Rc::clone(progress));
    let mut request = http::Request::new(body);
    *request.method_mut() = outgoing.method.clone();
    *request.uri_mut() = uri.clone();
    let headers = request.headers_mut();
    headers.insert(HOST, origin.header.clone());
    headers.insert(USER_AGENT, AGENT);
    headers.insert(ACCEPT, ANY);
    if outgoing.may_be_packed {
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(ACCEPTED));
    }
    if session.policy.traceparent {
        headers.insert(TRACEPARENT, traceparent(session)?);
    }
    if session.is_home(origin) {
        headers.extend(session.headers.borrow().clone());
        if outgoing.with_credential
            && let Some((name, value)) = session.keeper.header()
        {
            headers.insert(name, value);
        }
    }
    if !session.cookies.borrow().is_empty() {
        let scheme = if origin.tls { "https" } else { "http" };
        let authority = origin.header.to_str().unwrap_or_default();
        let url = Url::parse(&format!("{scheme}://{authority}{uri}"));
        let url = url.map_err(|error| Cause::Invalid(error.to_string()))?;
        if let Some(cookies) = session.cookies.borrow().header(&url) {
            headers.insert(COOKIE, cookies);
        }
    }
    // Who can have a body says that there is none (RFC 9110, section 8.6); hyper leaves it out.
    let with_body = [Method::POST, Method::PUT, Method::PATCH].contains(&outgoing.method);
    if with_body && is_empty {
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    // What the request itself says wins, and may say a thing several times.
    for name in outgoing.headers.keys() {
        headers.remove(name);
    }
    headers.extend(outgoing.headers.clone());
    if let Some(transcript) = &outgoing.transcript {
        transcript.sends(request.headers());
    }
    Ok(request)
}

/// A trace of its own for a request, as W3C's Trace Context writes it: version, trace, span, sampled.
fn traceparent(session: &Session) -> Result<HeaderValue, Cause> {
    // Ids of zeros only are not valid.
    let id = || session.context.random(|random| random.number(1..=u64::MAX));
    let text = format!("00-{:016x}{:016x}-{:016x}-01", id(), id(), id());
    HeaderValue::from_str(&text).map_err(|error| Cause::Invalid(error.to_string()))
}
