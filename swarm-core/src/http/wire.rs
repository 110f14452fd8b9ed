//! The socket under a connection, which notes what was put on the wire.

use super::error::Cause;
use crate::stats::Attempt;
use hyper::rt::ReadBufCursor;
use std::cell::{Cell, RefCell};
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

thread_local! {
    /// Where a read lands before it is copied to its connection: one for all of a shard, so that it stays in the cache and costs no user memory.
    static SCRATCH: RefCell<Box<[u8]>> = RefCell::new(vec![0; 64 * 1024].into_boxed_slice());
}

/// How far the running exchange is on the wire.
#[derive(Debug, Default)]
pub(super) struct Progress {
    written: Cell<bool>,
    flushed: Cell<bool>,
    answered: Cell<bool>,
    /// Bytes of an answer came.
    heard: Cell<bool>,
    /// The request has a body that is still being made.
    uploading: Cell<bool>,
    /// Why the body could not be made.
    upload_error: RefCell<Option<String>>,
}

impl Progress {
    /// A new exchange begins.
    pub(super) fn begin(&self) {
        self.written.set(false);
        self.flushed.set(false);
        self.answered.set(false);
        self.heard.set(false);
        self.uploading.set(false);
    }

    /// Whether there is more of the request's body to come, which is made while it is sent.
    pub(super) fn uploading(&self, more: bool) {
        self.uploading.set(more);
    }

    /// The request's body could not be made.
    pub(super) fn upload_failed(&self, why: String) {
        *self.upload_error.borrow_mut() = Some(why);
    }

    /// Why the exchange failed: because of its body, if that could not be made, else because of what the connection says.
    pub(super) fn failed(&self, connection: String) -> Cause {
        match self.upload_error.take() {
            Some(why) => Cause::Invalid(format!("the body to send failed: {why}")),
            None => Cause::Connection(connection),
        }
    }

    /// The whole request was given to a connection that does the rest by itself.
    pub(super) fn handed_over(&self) {
        self.written.set(true);
        self.flushed.set(true);
    }

    /// The head of the answer is complete.
    pub(super) fn answered(&self) {
        self.answered.set(true);
        self.heard.set(true);
    }

    /// Whether any byte of an answer came.
    pub(super) fn heard(&self) -> bool {
        self.heard.get()
    }

    /// What became of the exchange, if it ends now.
    ///
    /// hyper flushes when all that it has to write is written, and it has taken in a whole request, with its body, before it writes; but for a body that is
    /// made meanwhile.
    pub(super) fn attempt(&self) -> Attempt {
        let whole = self.flushed.get() && !self.uploading.get();
        match (self.written.get(), whole, self.answered.get()) {
            (_, _, true) => Attempt::Answered,
            (true, true, _) => Attempt::SentUnanswered,
            (true, false, _) => Attempt::PartlySent,
            (false, _, _) => Attempt::NotSent,
        }
    }
}

/// A socket, plain or encrypted.
pub(super) enum Socket {
    Plain(TcpStream),
    Encrypted(Box<TlsStream<TcpStream>>),
}

impl Socket {
    /// Whether both sides have agreed on HTTP/2 (ALPN).
    pub(super) fn agreed_on_http2(&self) -> bool {
        match self {
            Self::Plain(_) => false,
            Self::Encrypted(socket) => socket.get_ref().1.alpn_protocol() == Some(b"h2"),
        }
    }
}

/// A socket that notes its progress.
pub(super) struct Wire {
    socket: Socket,
    progress: Rc<Progress>,
}

impl Wire {
    pub(super) fn new(socket: Socket, progress: Rc<Progress>) -> Self {
        Self { socket, progress }
    }

    fn note_write(&self, result: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(result, Poll::Ready(Ok(written)) if written > 0) {
            self.progress.written.set(true);
            self.progress.flushed.set(false);
        }
        result
    }
}

/// Calls the same method on either socket.
macro_rules! either {
    ($socket:expr, $inner:ident => $call:expr) => {
        match $socket {
            Socket::Plain(socket) => {
                let $inner = Pin::new(socket);
                $call
            }
            Socket::Encrypted(socket) => {
                let $inner = Pin::new(&mut **socket);
                $call
            }
        }
    };
}

impl hyper::rt::Read for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut to: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        SCRATCH.with_borrow_mut(|scratch| {
            let room = to.remaining().min(scratch.len());
            let mut buffer = ReadBuf::new(&mut scratch[..room]);
            ready!(either!(&mut self.socket, socket => socket.poll_read(cx, &mut buffer)))?;
            let read = buffer.filled();
            if !read.is_empty() {
                self.progress.heard.set(true);
                to.put_slice(read);
            }
            Poll::Ready(Ok(()))
        })
    }
}

impl hyper::rt::Write for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let result = either!(&mut self.socket, socket => socket.poll_write(cx, bytes));
        self.note_write(result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = either!(&mut self.socket, socket => socket.poll_write_vectored(cx, slices));
        self.note_write(result)
    }

    fn is_write_vectored(&self) -> bool {
        match &self.socket {
            Socket::Plain(socket) => socket.is_write_vectored(),
            Socket::Encrypted(socket) => socket.is_write_vectored(),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(either!(&mut self.socket, socket => socket.poll_flush(cx)))?;
        self.progress.flushed.set(true);
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(&mut self.socket, socket => socket.poll_shutdown(cx))
    }
}
