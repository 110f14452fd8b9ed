//! A connection that speaks HTTP/2, shared by all requests of a user to a server.
//!
//! Requests run side by side on it, so none of them can drive it alone: a task of its own does, on the same thread, and ends with the last one who holds it.

use super::error::{Cause, http_text};
use super::target::Origin;
use super::upload::Sending;
use super::wire::{Progress, Socket, Wire};
use http::header::HOST;
use hyper::body::Incoming;
use hyper::client::conn::http2::{self, SendRequest};
use hyper::rt::Executor;
use std::cell::OnceCell;
use std::rc::Rc;
use tokio::task::{AbortHandle, spawn_local, yield_now};

/// One holder of a connection.
#[derive(Clone)]
pub(super) struct Http2 {
    sender: SendRequest<Sending>,
    driver: Rc<Driver>,
}

/// The task that drives a connection; it ends when this is dropped.
struct Driver {
    task: AbortHandle,
    /// Why the connection ended. The requests on it are told no more than that it did.
    why: Rc<OnceCell<String>>,
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Runs what hyper wants to run on this thread.
#[derive(Clone)]
struct Local;

impl<F> Executor<F> for Local
where
    F: Future<Output: 'static> + 'static,
{
    fn execute(&self, future: F) {
        spawn_local(future);
    }
}

impl Http2 {
    /// Begins on a socket.
    pub(super) async fn begin(socket: Socket) -> Result<Self, Cause> {
        // What is on the wire is noted for each request, not for the connection.
        let wire = Wire::new(socket, Rc::default());
        let (sender, driver) = http2::Builder::new(Local)
            .handshake(wire)
            .await
            .map_err(|error| Cause::Connect(http_text(&error)))?;
        let why = Rc::new(OnceCell::new());
        let note = Rc::clone(&why);
        let task = spawn_local(async move {
            if let Err(error) = driver.await {
                let _ = note.set(http_text(&error));
            }
        });
        let task = task.abort_handle();
        Ok(Self { sender, driver: Rc::new(Driver { task, why }) })
    }

    /// Whether it can take a request.
    pub(super) fn is_usable(&self) -> bool {
        self.sender.is_ready()
    }

    /// Sends a request and reads the head of the answer.
    ///
    /// What has been handed over counts as sent: with HTTP/2 nobody can see from here how much of it is on the wire.
    pub(super) async fn send(
        &mut self,
        mut request: http::Request<Sending>,
        origin: &Origin,
        progress: &Progress,
    ) -> Result<http::Response<Incoming>, Cause> {
        *request.uri_mut() = origin.absolute(request.uri())?;
        // It stands in `:authority`.
        request.headers_mut().remove(HOST);
        if let Err(error) = self.sender.ready().await {
            return Err(Cause::Connection(self.why(&error).await));
        }
        progress.handed_over();
        match self.sender.send_request(request).await {
            Ok(answer) => {
                progress.answered();
                Ok(answer)
            }
            Err(error) => Err(progress.failed(self.why(&error).await)),
        }
    }

    /// Why a request failed: what the connection ended of, if it did.
    async fn why(&self, error: &hyper::Error) -> String {
        // The driver may be about to say it.
        yield_now().await;
        self.driver.why.get().cloned().unwrap_or_else(|| http_text(error))
    }
}
