//! One connection to a server, driven by the request that uses it.

use super::connect::Connect;
use super::error::{Cause, http_text};
use super::wire::{Progress, Wire};
use bytes::{Bytes, BytesMut};
use http_body_util::Full;
use hyper::body::{Body as _, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll};

/// A connection. Nothing happens on it but while a request drives it, so dropping that request's future ends it at once.
pub(super) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    driver: http1::Connection<Wire, Full<Bytes>>,
    progress: Rc<Progress>,
    ended: bool,
}

impl Connection {
    /// Connects. `progress` notes what is sent.
    pub(super) async fn open(to: Connect<'_>, progress: Rc<Progress>) -> Result<Self, Cause> {
        let socket = to.connect().await?;
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
        request: http::Request<Full<Bytes>>,
    ) -> Result<http::Response<Incoming>, Cause> {
        let mut answer = pin!(self.sender.send_request(request));
        let (driver, ended) = (&mut self.driver, &mut self.ended);
        let answer = poll_fn(|cx| {
            if !*ended {
                *ended = Pin::new(&mut *driver).poll(cx).is_ready();
            }
            answer.as_mut().poll(cx)
        });
        let answer = answer.await.map_err(|error| Cause::Connection(http_text(&error)))?;
        self.progress.answered();
        Ok(answer)
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

    fn poll_frame(
        &mut self,
        body: &mut Incoming,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, hyper::Error>>> {
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
