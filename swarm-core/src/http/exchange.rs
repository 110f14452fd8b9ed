//! One request of a user's, on the wire: connections, attempts, redirects.

use super::connect::Connect;
use super::connection::Connection;
use super::decode::{ACCEPTED, decode};
use super::error::Cause;
use super::opened::{Attempting, Opened};
use super::redirect;
use super::response::Response;
use super::server::Server;
use super::session::Session;
use super::target::{Origin, Resolved, path_of};
use super::unread::Unread;
use super::upload::{Sending, Upload};
use super::wire::Progress;
use crate::stats::Phases;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH, COOKIE, HOST, HeaderMap, HeaderValue,
    PROXY_AUTHORIZATION, SET_COOKIE, USER_AGENT,
};
use http::{HeaderName, Method, Uri};
use std::cell::Cell;
use std::rc::Rc;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;
use url::Url;

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

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
}

/// Sends a request, follows its redirects and reads the last answer.
pub(super) async fn send(
    session: &Session,
    outgoing: Outgoing,
    to: Resolved,
    begun: Instant,
) -> Result<Response, Cause> {
    let most = session.context.spec().client.max_body;
    let (opened, url) = open(session, outgoing, to).await?;
    let (mut head, body) = opened.read(most).await?;
    let body = decode(&mut head.headers, body, most)?;
    let (status, headers) = (head.status, head.headers);
    Ok(Response { status, headers, body, url, elapsed: begun.elapsed() })
}

/// Sends a request and follows its redirects, up to the head of the last answer. Returns also where that came from.
pub(super) async fn open(
    session: &Session,
    mut outgoing: Outgoing,
    to: Resolved,
) -> Result<(Opened, String), Cause> {
    let Resolved { mut elsewhere, mut uri, .. } = to;
    for _ in 0..=outgoing.most_redirects {
        let origin = session.origin(elsewhere.as_ref())?;
        let opened = attempts(session, &mut outgoing, &origin, &uri).await?;
        let head = &opened.head;
        if head.headers.contains_key(SET_COOKIE) {
            let url = url_of(session, elsewhere.as_ref(), &uri)?;
            session.cookies.borrow_mut().store(&head.headers, &url);
        }
        let from = || url_of(session, elsewhere.as_ref(), &uri);
        let next = match outgoing.most_redirects {
            0 => None,
            _ => redirect::location(head.status, &head.headers, from)?,
        };
        let Some(mut next) = next else {
            return Ok((opened, elsewhere.map_or_else(|| uri.to_string(), String::from)));
        };
        let status = head.status;
        opened.read(session.context.spec().client.max_body).await?;
        next.set_fragment(None);
        let Outgoing { method, headers, body, .. } = &mut outgoing;
        redirect::change(status, method, headers, body)?;
        if *session.origin(Some(&next))? != *origin {
            // What was meant for one server is no other's business.
            for secret in [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE] {
                outgoing.headers.remove(secret);
            }
        }
        uri = path_of(&next)?;
        elsewhere = Some(next);
    }
    Err(Cause::Redirect(format!("more than {} redirects", outgoing.most_redirects)))
}

/// The absolute URL of a request; only needed where there are cookies or redirects.
fn url_of(session: &Session, elsewhere: Option<&Url>, uri: &Uri) -> Result<Url, Cause> {
    match (elsewhere, session.base()) {
        (Some(url), _) => Ok(url.clone()),
        (None, Some(base)) => {
            base.url.join(&uri.to_string()).map_err(|error| Cause::Invalid(error.to_string()))
        }
        (None, None) => Err(Cause::Invalid("no host".to_owned())),
    }
}

/// A trace of its own for a request, as W3C's Trace Context writes it: version, trace, span, sampled.
fn traceparent(session: &Session) -> Result<HeaderValue, Cause> {
    // Ids of zeros only are not valid.
    let id = || session.context.random(|random| random.number(1..=u64::MAX));
    let text = format!("00-{:016x}{:016x}-{:016x}-01", id(), id(), id());
    HeaderValue::from_str(&text).map_err(|error| Cause::Invalid(error.to_string()))
}

/// Sends a request; once more on a new connection, if an idle one turns out to have been closed before it was heard.
async fn attempts(
    session: &Session,
    outgoing: &mut Outgoing,
    origin: &Rc<Origin>,
    uri: &Uri,
) -> Result<Opened, Cause> {
    let server = session.server(origin);
    let mut room = server.room().await;
    if let Some(connection) = server.take().await {
        let progress = connection.progress();
        let there = Some((connection, Rc::clone(&progress)));
        match attempt(session, outgoing, &server, uri, there, &mut room).await {
            Err(Cause::Connection(_)) if may_repeat(outgoing, &progress) => {
                session.context.recorder(crate::stats::Recorder::retry);
            }
            result => return result,
        }
    }
    attempt(session, outgoing, &server, uri, None, &mut room).await
}

/// Whether an attempt that failed may be repeated without the user's knowledge: no byte of an answer came, and the method is idempotent
/// (RFC 9110, section 9.2.2) or nothing was sent.
fn may_repeat(outgoing: &Outgoing, progress: &Progress) -> bool {
    let nothing_sent = progress.attempt() == crate::stats::Attempt::NotSent;
    let safe = outgoing.method.is_idempotent() || nothing_sent;
    !progress.heard() && safe && outgoing.body.is_repeatable()
}

async fn attempt(
    session: &Session,
    outgoing: &mut Outgoing,
    server: &Rc<Server>,
    uri: &Uri,
    there: Option<(Connection, Rc<Progress>)>,
    room: &mut Option<OwnedSemaphorePermit>,
) -> Result<Opened, Cause> {
    let progress = there.as_ref().map(|(_, progress)| Rc::clone(progress)).unwrap_or_default();
    progress.begin();
    let phases = Rc::clone(&outgoing.phases);
    phases.set(Phases { reused: there.is_some(), ..phases.get() });
    let attempting =
        Attempting { context: session.context.clone(), progress: Rc::clone(&progress) };
    let mut connection = match there {
        Some((connection, _)) => connection,
        None => connect(session, outgoing, server, Rc::clone(&progress)).await?,
    };
    let request = request(session, outgoing, &server.origin, uri, &progress)?;
    let sent = Instant::now();
    let answer = connection.send(request, &server.origin, &progress).await?;
    let heard = Instant::now();
    let mut noted = phases.get();
    *noted.first_byte.get_or_insert_default() += heard - sent;
    phases.set(noted);
    let (head, body) = answer.into_parts();
    let unread = Unread { body, connection, server: Rc::clone(server), room: room.take() };
    Ok(Opened { head, unread, attempting, heard, phases })
}

async fn connect(
    session: &Session,
    outgoing: &Outgoing,
    server: &Server,
    progress: Rc<Progress>,
) -> Result<Connection, Cause> {
    let version = session.version();
    let _gate = server.gate(version).await;
    // Somebody else may have made one meanwhile.
    if let Some(shared) = server.shared() {
        outgoing.phases.set(Phases { reused: true, ..outgoing.phases.get() });
        return Ok(shared);
    }
    let to = Connect {
        origin: &server.origin,
        options: &session.context.spec().client,
        version,
        user: session.context.number(),
        phases: &outgoing.phases,
    };
    let connection = Connection::open(to, progress).await?;
    server.opened(&connection);
    Ok(connection)
}

fn request(
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
            && let Some(credential) = &*session.credential.borrow()
        {
            headers.insert(AUTHORIZATION, credential.clone());
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
    Ok(request)
}
