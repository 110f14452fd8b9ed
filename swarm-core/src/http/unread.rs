//! The body of an answer, as long as it is still on its connection.

use super::connection::Connection;
use super::error::Cause;
#[cfg(feature = "reqwest")]
use super::error::reqwest_cause;
use super::server::Server;
use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http::header::{CONNECTION, HeaderValue};
use hyper::body::{Body as _, Frame, Incoming};
use std::future::poll_fn;
#[cfg(feature = "reqwest")]
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use tokio::sync::OwnedSemaphorePermit;

/// A body that is unread. Dropping it closes its connection, or takes the request back (HTTP/2).
pub(super) enum Unread {
    /// On a connection of this user's.
    Own {
        body: Incoming,
        connection: Connection,
        server: Rc<Server>,
        room: Option<OwnedSemaphorePermit>,
    },
    /// Read already.
    Whole(Bytes),
    /// On one of reqwest's.
    #[cfg(feature = "reqwest")]
    Reqwest(reqwest::Body),
}

impl Unread {
    /// Reads the whole body, if it is no larger than this. Returns also whether it was there at once.
    pub(super) async fn read(&mut self, most: u64) -> Result<(Bytes, bool), Cause> {
        let mut first = Bytes::new();
        let mut all = BytesMut::new();
        let mut at_once = true;
        if self.at_least() > most {
            return Err(Cause::TooLarge(most));
        }
        while let Some(frame) = poll_fn(|cx| {
            let frame = self.poll_frame(cx);
            at_once &= frame.is_ready();
            frame
        })
        .await
        {
            let Ok(data) = frame?.into_data() else { continue };
            if (first.len().max(all.len()) + data.len()) as u64 > most {
                return Err(Cause::TooLarge(most));
            }
            // Most bodies are one piece, which is not copied.
            if first.is_empty() && all.is_empty() {
                first = data;
                continue;
            }
            if all.is_empty() {
                all.extend_from_slice(&first);
            }
            all.extend_from_slice(&data);
        }
        Ok((if all.is_empty() { first } else { all.freeze() }, at_once))
    }

    /// The next piece of the body; none at its end.
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, Cause> {
        while let Some(frame) = poll_fn(|cx| self.poll_frame(cx)).await {
            // Trailers are no part of the body.
            if let Ok(data) = frame?.into_data()
                && !data.is_empty()
            {
                return Ok(Some(data));
            }
        }
        Ok(None)
    }

    /// The body was read to its end: the connection is kept for the next request, unless the server closes it.
    pub(super) fn keep(self, headers: &HeaderMap) {
        match self {
            Self::Own { connection, server, room, .. } => {
                let closes = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"close");
                if !headers.get(CONNECTION).is_some_and(closes) {
                    server.keep(connection);
                }
                // Who has waited for room finds it there.
                drop(room);
            }
            Self::Whole(_) => {}
            #[cfg(feature = "reqwest")]
            Self::Reqwest(_) => {}
        }
    }

    /// Bytes that are known to come.
    fn at_least(&self) -> u64 {
        match self {
            Self::Own { body, .. } => body.size_hint().lower(),
            Self::Whole(bytes) => bytes.len() as u64,
            #[cfg(feature = "reqwest")]
            Self::Reqwest(body) => body.size_hint().lower(),
        }
    }

    fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Cause>>> {
        match self {
            Self::Own { body, connection, .. } => connection.poll_frame(body, cx),
            Self::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Self::Whole(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            #[cfg(feature = "reqwest")]
            Self::Reqwest(body) => {
                Pin::new(body).poll_frame(cx).map_err(|error| reqwest_cause(&error))
            }
        }
    }
}
