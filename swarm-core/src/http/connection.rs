//! A connection to a server, in whichever HTTP was agreed on.

use super::connect::Connect;
use super::error::{Cause, http_text};
use super::http1::Http1;
use super::http2::Http2;
use super::target::Origin;
use super::wire::Progress;
use crate::plan::HttpVersion;
use bytes::{Bytes, BytesMut};
use http_body_util::Full;
use hyper::body::{Body as _, Frame, Incoming};
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

/// A connection.
pub(super) enum Connection {
    /// HTTP/1.1: one request at a time.
    One(Box<Http1>),
    /// HTTP/2: all at a time.
    Shared(Http2),
}

impl Connection {
    /// Connects. `progress` notes what is sent.
    pub(super) async fn open(to: Connect<'_>, progress: Rc<Progress>) -> Result<Self, Cause> {
        let socket = to.connect().await?;
        let agreed = socket.agreed_on_http2();
        match to.version {
            HttpVersion::Http2 if to.origin.tls && !agreed => {
                Err(Cause::Connect("the server does not speak HTTP/2".to_owned()))
            }
            HttpVersion::Http2 => Ok(Self::Shared(Http2::begin(socket).await?)),
            HttpVersion::Auto if agreed => Ok(Self::Shared(Http2::begin(socket).await?)),
            HttpVersion::Auto | HttpVersion::Http1 => {
                Ok(Self::One(Box::new(Http1::begin(socket, progress).await?)))
            }
        }
    }

    /// Whether it can take a request.
    pub(super) async fn is_usable(&mut self) -> bool {
        match self {
            Self::One(connection) => connection.is_usable().await,
            Self::Shared(connection) => connection.is_usable(),
        }
    }

    /// What notes how far the next exchange is.
    pub(super) fn progress(&self) -> Rc<Progress> {
        match self {
            Self::One(connection) => connection.progress(),
            Self::Shared(_) => Rc::default(),
        }
    }

    /// Sends a request and reads the head of the answer.
    pub(super) async fn send(
        &mut self,
        request: http::Request<Full<Bytes>>,
        origin: &Origin,
        progress: &Progress,
    ) -> Result<http::Response<Incoming>, Cause> {
        match self {
            Self::One(connection) => connection.send(request).await,
            Self::Shared(connection) => connection.send(request, origin, progress).await,
        }
    }

    /// Reads the whole body of the answer, if it is no larger than this. Returns also whether it was there at once.
    pub(super) async fn read(
        &mut self,
        mut body: Incoming,
        most: u64,
    ) -> Result<(Bytes, bool), Cause> {
        let mut first = Bytes::new();
        let mut all = BytesMut::new();
        let mut at_once = true;
        if body.size_hint().lower() > most {
            return Err(Cause::TooLarge(most));
        }
        while let Some(frame) = poll_fn(|cx| {
            let frame = self.poll_frame(&mut body, cx);
            at_once &= frame.is_ready();
            frame
        })
        .await
        {
            let frame = frame.map_err(|error| Cause::Connection(http_text(&error)))?;
            let Ok(data) = frame.into_data() else { continue };
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

    /// The next piece of a body; none at its end.
    pub(super) async fn chunk(&mut self, body: &mut Incoming) -> Result<Option<Bytes>, Cause> {
        while let Some(frame) = poll_fn(|cx| self.poll_frame(body, cx)).await {
            let frame = frame.map_err(|error| Cause::Connection(http_text(&error)))?;
            // Trailers are no part of the body.
            if let Ok(data) = frame.into_data()
                && !data.is_empty()
            {
                return Ok(Some(data));
            }
        }
        Ok(None)
    }

    fn poll_frame(
        &mut self,
        body: &mut Incoming,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        match self {
            Self::One(connection) => connection.poll_frame(body, cx),
            Self::Shared(_) => Pin::new(body).poll_frame(cx),
        }
    }
}
