//! An answer whose head has come, and whose body is still on its connection.

use super::connection::Connection;
use super::error::Cause;
use super::server::Server;
use super::wire::Progress;
use crate::context::Context;
use crate::stats::Phases;
use bytes::Bytes;
use http::header::{CONNECTION, HeaderValue};
use http::response::Parts;
use hyper::body::Incoming;
use std::cell::Cell;
use std::rc::Rc;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;

/// Notes what became of an attempt when it is dropped, whoever drops it.
pub(super) struct Attempting {
    pub(super) context: Context,
    pub(super) progress: Rc<Progress>,
}

impl Drop for Attempting {
    fn drop(&mut self) {
        self.context.record_attempt(self.progress.attempt());
    }
}

/// An answer whose body is unread. Dropping it closes its connection, or takes the request back (HTTP/2).
pub(super) struct Opened {
    pub(super) head: Parts,
    pub(super) body: Incoming,
    pub(super) connection: Connection,
    pub(super) server: Rc<Server>,
    pub(super) attempting: Attempting,
    pub(super) heard: Instant,
    pub(super) phases: Rc<Cell<Phases>>,
    pub(super) room: Option<OwnedSemaphorePermit>,
}

impl Opened {
    /// Reads the whole body, if it is no larger than this; the connection is kept for the next request.
    pub(super) async fn read(self, most: u64) -> Result<(Parts, Bytes), Cause> {
        let Self { head, body, mut connection, server, attempting, heard, phases, room } = self;
        let (body, at_once) = connection.read(body, most).await?;
        drop((attempting, room));
        if !at_once {
            note_body(&phases, heard);
        }
        keep(&head, &server, connection);
        Ok((head, body))
    }

    /// The next piece of the body; none at its end.
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, Cause> {
        self.connection.chunk(&mut self.body).await
    }

    /// The body was read to its end: the connection is kept for the next request.
    pub(super) fn end(self) {
        note_body(&self.phases, self.heard);
        keep(&self.head, &self.server, self.connection);
    }
}

fn note_body(phases: &Cell<Phases>, heard: Instant) {
    let mut noted = phases.get();
    *noted.body.get_or_insert_default() += heard.elapsed();
    phases.set(noted);
}

fn keep(head: &Parts, server: &Server, connection: Connection) {
    let closes = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"close");
    if !head.headers.get(CONNECTION).is_some_and(closes) {
        server.keep(connection);
    }
}
