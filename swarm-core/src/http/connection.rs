//! A connection to a server, in whichever HTTP was agreed on.

use super::connect::Connect;
use super::error::{Cause, http_text};
use super::http1::Http1;
use super::http2::Http2;
use super::target::Origin;
use super::upload::Sending;
use super::wire::Progress;
use crate::plan::HttpVersion;
use bytes::Bytes;
use hyper::body::{Body as _, Frame, Incoming};
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
        request: http::Request<Sending>,
        origin: &Origin,
        progress: &Progress,
    ) -> Result<http::Response<Incoming>, Cause> {
        match self {
            Self::One(connection) => connection.send(request).await,
            // Larger than that of HTTP/1.1, whose requests would carry its size.
            Self::Shared(connection) => Box::pin(connection.send(request, origin, progress)).await,
        }
    }

    /// The next piece of the body of an answer.
    pub(super) fn poll_frame(
        &mut self,
        body: &mut Incoming,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cause>>> {
        let frame = match self {
            Self::One(connection) => connection.poll_frame(body, cx),
            Self::Shared(_) => Pin::new(body).poll_frame(cx),
        };
        frame.map_err(|error| Cause::Connection(http_text(&error)))
    }
}
