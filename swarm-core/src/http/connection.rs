//! One connection to a server, driven by the request that uses it.

use super::error::{Cause, http_text, socket_text};
use super::target::Origin;
use super::tls;
use super::wire::{Progress, Socket, Wire};
use crate::plan::ClientOptions;
use bytes::{Bytes, BytesMut};
use http_body_util::Full;
use hyper::body::{Body as _, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use rustls::pki_types::ServerName;
use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// Largest body of an answer that is read.
pub(super) const LARGEST_BODY: usize = 64 << 20;

/// A connection. Nothing happens on it but while a request drives it, so dropping that request's future ends it at once.
pub(super) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    driver: http1::Connection<Wire, Full<Bytes>>,
    progress: Rc<Progress>,
    ended: bool,
}

impl Connection {
    /// Connects: DNS, TCP and TLS within the time limit. `progress` notes what is sent.
    pub(super) async fn open(
        origin: &Origin,
        options: &ClientOptions,
        progress: Rc<Progress>,
    ) -> Result<Self, Cause> {
        let limit = options.connect_timeout;
        let socket = timeout(limit, connect(origin, options.insecure))
            .await
            .unwrap_or(Err(Cause::TimedOut { what: "connecting", limit }))?;
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

    /// Reads the whole body of the answer.
    pub(super) async fn read(&mut self, mut body: Incoming) -> Result<Bytes, Cause> {
        let mut first = Bytes::new();
        let mut all = BytesMut::new();
        if body.size_hint().lower() > LARGEST_BODY as u64 {
            return Err(Cause::TooLarge(LARGEST_BODY));
        }
        while let Some(frame) = poll_fn(|cx| self.poll_frame(&mut body, cx)).await {
            let frame = frame.map_err(|error| Cause::Connection(http_text(&error)))?;
            let Ok(data) = frame.into_data() else { continue };
            // Most bodies are one piece, which is not copied.
            if first.is_empty() && all.is_empty() {
                first = data;
                continue;
            }
            if all.is_empty() {
                all.extend_from_slice(&first);
            }
            if all.len() + data.len() > LARGEST_BODY {
                return Err(Cause::TooLarge(LARGEST_BODY));
            }
            all.extend_from_slice(&data);
        }
        Ok(if all.is_empty() { first } else { all.freeze() })
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

async fn connect(origin: &Origin, insecure: bool) -> Result<Socket, Cause> {
    let stream = connect_tcp(origin).await?;
    // A request is one write, which should not wait for the answer to an earlier one.
    stream.set_nodelay(true).map_err(|error| Cause::Connect(socket_text(&error)))?;
    if !origin.tls {
        return Ok(Socket::Plain(stream));
    }
    let failed = |why: &dyn std::fmt::Display| Cause::Connect(format!("TLS: {why}"));
    let config = tls::config(insecure).map_err(|error| failed(&error))?;
    let name = ServerName::try_from(origin.host.clone()).map_err(|error| failed(&error))?;
    let stream = TlsConnector::from(Arc::clone(&config)).connect(name, stream).await;
    let stream = stream.map_err(|error| Cause::Connect(socket_text(&error)))?;
    Ok(Socket::Encrypted(Box::new(stream)))
}

/// Tries the addresses of the host in turn; the error is the last one's.
async fn connect_tcp(origin: &Origin) -> Result<TcpStream, Cause> {
    let host = (origin.host.as_str(), origin.port);
    let addresses = lookup_host(host).await.map_err(|error| {
        // The system's words vary; `connect` is what matters.
        let _ = error;
        Cause::Connect(format!("can't resolve `{}`", origin.host))
    })?;
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(Cause::Connect(socket_text(&last)))
}
