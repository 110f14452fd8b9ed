//! An answer whose head has come.

use super::error::Cause;
use super::unread::Unread;
use super::wire::Progress;
use crate::context::Context;
use crate::stats::Phases;
use bytes::Bytes;
use http::response::Parts;
use std::cell::Cell;
use std::rc::Rc;
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

/// An answer whose body is unread.
pub(super) struct Opened {
    pub(super) head: Parts,
    unread: Unread,
    attempting: Attempting,
    heard: Instant,
    phases: Rc<Cell<Phases>>,
}

impl Opened {
    /// The answer to a request that was sent then: its head has come just now.
    pub(super) fn new(
        head: Parts,
        unread: Unread,
        attempting: Attempting,
        phases: Rc<Cell<Phases>>,
        sent: Instant,
    ) -> Self {
        let heard = Instant::now();
        let mut noted = phases.get();
        *noted.first_byte.get_or_insert_default() += heard - sent;
        phases.set(noted);
        Self { head, unread, attempting, heard, phases }
    }

    /// Reads the whole body, if it is no larger than this; the connection is kept for the next request.
    pub(super) async fn read(self, most: u64) -> Result<(Parts, Bytes), Cause> {
        let Self { head, mut unread, attempting, heard, phases } = self;
        let (body, at_once) = unread.read(most).await?;
        drop(attempting);
        if !at_once {
            note_body(&phases, heard);
        }
        unread.keep(&head.headers);
        Ok((head, body))
    }

    /// Reads its body, so that its connection is free for another request.
    pub(super) async fn whole(&mut self, most: u64) -> Result<(), Cause> {
        let (body, at_once) = self.unread.read(most).await?;
        if !at_once {
            note_body(&self.phases, self.heard);
        }
        std::mem::replace(&mut self.unread, Unread::Whole(body)).keep(&self.head.headers);
        Ok(())
    }

    /// The next piece of the body; none at its end.
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, Cause> {
        self.unread.chunk().await
    }

    /// The body was read to its end: the connection is kept for the next request.
    pub(super) fn end(self) {
        note_body(&self.phases, self.heard);
        self.unread.keep(&self.head.headers);
    }
}

fn note_body(phases: &Cell<Phases>, heard: Instant) {
    let mut noted = phases.get();
    *noted.body.get_or_insert_default() += heard.elapsed();
    phases.set(noted);
}
