//! One request of a user's, on the wire: connections, attempts, redirects.

use super::attempt::attempt;
use super::decode::decode;
use super::error::Cause;
use super::opened::Opened;
use super::outgoing::Outgoing;
#[cfg(feature = "reqwest")]
use super::over_reqwest;
use super::redirect;
use super::response::Response;
use super::session::Session;
use super::target::{Origin, Resolved, path_of};
use super::wire::Progress;
use http::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION, SET_COOKIE};
use http::{StatusCode, Uri};
use std::rc::Rc;
use tokio::time::Instant;
use url::Url;

/// Sends a request, follows its redirects and reads the last answer.
pub(super) async fn send(
    session: &Session,
    outgoing: &mut Outgoing,
    to: &mut Resolved,
    begun: Instant,
) -> Result<Response, Cause> {
    let most = session.context.spec().client.max_body;
    let transcript = outgoing.transcript.clone();
    let (opened, url) = open(session, outgoing, to).await?;
    let (mut head, body) = opened.read(most).await?;
    let body = decode(&mut head.headers, body, most)?;
    if let Some(transcript) = transcript {
        transcript.reads(&body);
    }
    let (status, headers) = (head.status, head.headers);
    Ok(Response { status, headers, body, url, elapsed: begun.elapsed() })
}

/// Sends a request and follows its redirects, up to the head of the last answer. Returns also where that came from.
pub(super) async fn open(
    session: &Session,
    outgoing: &mut Outgoing,
    to: &mut Resolved,
) -> Result<(Opened, String), Cause> {
    let Resolved { elsewhere, uri, .. } = to;
    for _ in 0..=outgoing.most_redirects {
        let origin = session.origin(elsewhere.as_ref())?;
        let opened = authorized(session, outgoing, &origin, uri).await?;
        let head = &opened.head;
        if head.headers.contains_key(SET_COOKIE) {
            let url = url_of(session, elsewhere.as_ref(), uri)?;
            session.cookies.borrow_mut().store(&head.headers, &url);
        }
        let from = || url_of(session, elsewhere.as_ref(), uri);
        let next = match outgoing.most_redirects {
            0 => None,
            _ => redirect::location(head.status, &head.headers, from)?,
        };
        let Some(mut next) = next else {
            return Ok((opened, elsewhere.take().map_or_else(|| uri.to_string(), String::from)));
        };
        let status = head.status;
        let (_, body) = opened.read(session.context.spec().client.max_body).await?;
        if let Some(transcript) = &outgoing.transcript {
            transcript.reads(&body);
        }
        next.set_fragment(None);
        let Outgoing { method, headers, body, .. } = outgoing;
        redirect::change(status, method, headers, body)?;
        if *session.origin(Some(&next))? != *origin {
            // What was meant for one server is no other's business.
            for secret in [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE] {
                outgoing.headers.remove(secret);
            }
        }
        *uri = path_of(&next)?;
        *elsewhere = Some(next);
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

/// Sends a request; once more with another credential, if the session's is refused and a new one can be had.
async fn authorized(
    session: &Session,
    outgoing: &mut Outgoing,
    origin: &Rc<Origin>,
    uri: &Uri,
) -> Result<Opened, Cause> {
    let with_credential = outgoing.with_credential && session.is_home(origin);
    let mut credential = with_credential.then(|| session.keeper.credential()).flatten();
    loop {
        let mut opened = noted(session, outgoing, origin, uri).await?;
        let refused =
            opened.head.status == StatusCode::UNAUTHORIZED && outgoing.body.is_repeatable();
        let Some(credential) = credential.take().filter(|_| refused) else { return Ok(opened) };
        // The login may need its connection.
        opened.whole(session.context.spec().client.max_body).await?;
        if !session.keeper.replace(&credential).await {
            return Ok(opened);
        }
    }
}

/// Sends a request, and notes it where somebody looks on.
async fn noted(
    session: &Session,
    outgoing: &mut Outgoing,
    origin: &Rc<Origin>,
    uri: &Uri,
) -> Result<Opened, Cause> {
    if let Some(transcript) = &outgoing.transcript {
        let url = origin.absolute(uri)?.to_string();
        transcript.asks(&outgoing.method, url, &outgoing.body);
    }
    let opened = attempts(session, outgoing, origin, uri).await?;
    if let Some(transcript) = &outgoing.transcript {
        transcript.hears(&opened.head);
    }
    Ok(opened)
}

/// Sends a request; once more on a new connection, if an idle one turns out to have been closed before it was heard.
async fn attempts(
    session: &Session,
    outgoing: &mut Outgoing,
    origin: &Rc<Origin>,
    uri: &Uri,
) -> Result<Opened, Cause> {
    #[cfg(feature = "reqwest")]
    if let Some(client) = &session.policy.reqwest {
        return over_reqwest::attempt(client, session, outgoing, origin, uri).await;
    }
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
