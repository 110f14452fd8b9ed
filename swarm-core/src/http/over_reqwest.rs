//! One attempt to send a request, over connections of reqwest's.

use super::error::{Cause, reqwest_cause};
use super::opened::{Attempting, Opened};
use super::outgoing::{Outgoing, request};
use super::session::Session;
use super::target::Origin;
use super::unread::Unread;
use super::upload::{Sending, Upload};
use super::wire::Progress;
use http::Uri;
use http::header::{HOST, USER_AGENT};
use std::rc::Rc;
use tokio::time::Instant;

/// Sends a request and reads the head of the answer.
///
/// reqwest does not say how far a request came: what has no answer counts as sent, unless there was no connection; and a stream as sent in part.
pub(super) async fn attempt(
    client: &reqwest::Client,
    session: &Session,
    outgoing: &mut Outgoing,
    origin: &Origin,
    uri: &Uri,
) -> Result<Opened, Cause> {
    let progress = Rc::new(Progress::default());
    let attempting =
        Attempting { context: session.context.clone(), progress: Rc::clone(&progress) };
    let mut request = request(session, outgoing, origin, uri, &progress)?;
    if !outgoing.headers.contains_key(USER_AGENT) {
        // The client has its own.
        request.headers_mut().remove(USER_AGENT);
    }
    let request = converted(request, origin)?;
    progress.handed_over();
    let sent = Instant::now();
    let answer = client.execute(request).await.map_err(|error| {
        if error.is_connect() {
            progress.begin();
            session.context.recorder(|recorder| recorder.not_connected(&error));
        }
        let limit = session.context.spec().client.connect_timeout;
        match error.is_connect() && error.is_timeout() {
            true => Cause::TimedOut { what: "connecting", limit },
            false => reqwest_cause(&error),
        }
    })?;
    progress.answered();
    let (head, body) = http::Response::<reqwest::Body>::from(answer).into_parts();
    let phases = Rc::clone(&outgoing.phases);
    Ok(Opened::new(head, Unread::Reqwest(body), attempting, phases, sent))
}

/// The request in reqwest's type, which has an absolute URL instead of a host header.
fn converted(
    mut request: http::Request<Sending>,
    origin: &Origin,
) -> Result<reqwest::Request, Cause> {
    *request.uri_mut() = origin.absolute(request.uri())?;
    request.headers_mut().remove(HOST);
    let body = |sending: Sending| match sending.into_upload() {
        Upload::Whole(bytes) => reqwest::Body::from(bytes),
        Upload::Stream(pieces) => reqwest::Body::wrap_stream(pieces),
        Upload::Gone => reqwest::Body::default(),
    };
    request.map(body).try_into().map_err(|error| reqwest_cause(&error))
}
