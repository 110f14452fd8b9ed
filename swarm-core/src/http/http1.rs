//! A connection that speaks HTTP/1.1, driven by the request that uses it.

use super::error::{Cause, http_text};
use super::upload::Sending;
use super::wire::{Progress, Socket, Wire};
use bytes::Bytes;
use hyper::body::{Body as _, Frame, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll};

/// A connection. Nothing happens on it but while a request drives it, so dropping that request's future ends it at once.
pub(super) struct Http1 {
    sender: SendRequest<Sending>,
    driver: http1::Connection<Wire, Sending>,
    progress: Rc<Progress>,
    ended: bool,
}

impl Http1 {
    /// Begins on a socket. `progress` notes what is sent.
    pub(super) async fn begin(socket: Socket, progress: Rc<Progress>) -> Result<Self, Cause> {
        let wire = Wire::new(socket, Rc::clone(&progress));
        let (sender, driver) = http1::Builder::new()
            .handshake(wire)
            .await
            .map_err(|error| Cause::Connect(http_text(&error)))?;
        Ok(Self { sender, driver, progress, ended: false })
    }

    /// What notes how far the exchange is.
    pub(super) fn progress(&self) -> Rc<Progress> {
        Rc::clone(&self.progress)
    }

    /// Whether it can take a request: looks once, without waiting, whether the server has closed it.
    pub(super) async fn is_usable(&mut self) -> bool {
        poll_fn(|cx| {
            for _ in 0..2 {
                self.drive(cx);
                match self.sender.poll_ready(cx) {
                    Poll::Ready(Ok(())) if !self.ended => return Poll::Ready(true),
                    Poll::Ready(_) => return Poll::Ready(false),
                    // The end of the last answer may need one more look.
                    Poll::Pending => {}
                }
            }
            Poll::Ready(false)
        })
        .await
    }

    /// Sends a request and reads the head of the answer.
    pub(super) async fn send(
        &mut self,
        request: http::Request<Sending>,
    ) -> Result<http::Response<Incoming>, Cause> {
        let mut answer = pin!(self.sender.send_request(request));
        let (driver, ended) = (&mut self.driver, &mut self.ended);
        let answer = poll_fn(|cx| {
            if !*ended {
                *ended = Pin::new(&mut *driver).poll(cx).is_ready();
            }
            answer.as_mut().poll(cx)
        });
        let answer = answer.await.map_err(|error| self.progress.failed(http_text(&error)))?;
        self.progress.answered();
        Ok(answer)
    }

    /// The next piece of the body.
    pub(super) fn poll_frame(
        &mut self,
        body: &mut Incoming,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut *body).poll_frame(cx) {
            return Poll::Ready(frame);
        }
        self.drive(cx);
        Pin::new(body).poll_frame(cx)
    }

    fn drive(&mut self, cx: &mut Context<'_>) {
        if !self.ended {
            self.ended = Pin::new(&mut self.driver).poll(cx).is_ready();
        }
    }
}
