//! One attempt to send a request, on a connection of the user's.

use super::connect::Connect;
use super::connection::Connection;
use super::error::Cause;
use super::opened::{Attempting, Opened};
use super::outgoing::{Outgoing, request};
use super::server::Server;
use super::session::Session;
use super::unread::Unread;
use super::wire::Progress;
use crate::stats::Phases;
use http::Uri;
use std::rc::Rc;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;

/// Sends a request on a connection that is there, or on a new one, and reads the head of the answer.
pub(super) async fn attempt(
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
    let (head, body) = answer.into_parts();
    let unread = Unread::Own { body, connection, server: Rc::clone(server), room: room.take() };
    Ok(Opened::new(head, unread, attempting, phases, sent))
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
        version,
        context: &session.context,
        phases: &outgoing.phases,
    };
    // Rare, and large: in the future of each request it would be moved with it.
    let connection = Box::pin(Connection::open(to, progress)).await?;
    server.opened(&connection);
    Ok(connection)
}
