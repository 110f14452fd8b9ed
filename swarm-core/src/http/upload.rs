//! The body that a request sends: bytes, or a stream that is read while it is sent.

use super::wire::Progress;
use bytes::Bytes;
use futures_core::Stream;
use hyper::body::{Body, Frame, SizeHint};
use std::error::Error;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

/// Any error of a stream of the user's.
pub(super) type StreamError = Box<dyn Error + Send + Sync>;

/// What a request sends.
pub(super) enum Upload {
    /// Bytes, which can be sent again.
    Whole(Bytes),
    /// Pieces that are made while they are sent.
    Stream(Pieces),
    /// A stream that was given to a connection: it can't be sent again.
    Gone,
}

/// The pieces of a stream.
pub(super) struct Pieces(Box<dyn FnMut(&mut Context<'_>) -> Polled + Send>);

type Piece = Result<Bytes, StreamError>;
type Polled = Poll<Option<Piece>>;

impl Upload {
    /// Nothing.
    pub(super) const NONE: Self = Self::Whole(Bytes::new());

    /// What a stream of the user's gives.
    pub(super) fn stream<B, E>(stream: impl Stream<Item = Result<B, E>> + Send + 'static) -> Self
    where
        B: Into<Bytes>,
        E: Into<StreamError>,
    {
        let mut stream = Box::pin(stream);
        let converted = |piece: Result<B, E>| piece.map(Into::into).map_err(Into::into);
        Self::Stream(Pieces(Box::new(move |cx| {
            stream.as_mut().poll_next(cx).map(|piece| piece.map(converted))
        })))
    }

    /// Whether nothing is sent.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Whole(bytes) if bytes.is_empty())
    }

    /// Whether it is there for one more attempt.
    pub(super) fn is_repeatable(&self) -> bool {
        matches!(self, Self::Whole(_))
    }

    /// What one attempt sends.
    pub(super) fn take(&mut self) -> Self {
        match self {
            Self::Whole(bytes) => Self::Whole(bytes.clone()),
            Self::Stream(_) | Self::Gone => std::mem::replace(self, Self::Gone),
        }
    }
}

impl Stream for Pieces {
    type Item = Piece;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Polled {
        (self.0)(cx)
    }
}

/// The body of one attempt, which notes how far it came.
pub(super) struct Sending {
    upload: Upload,
    progress: Rc<Progress>,
    /// Bytes that are still to come, where the request says how many there are.
    left: Option<u64>,
}

impl Sending {
    /// The body of an attempt; `length` is what its header says.
    pub(super) fn new(upload: Upload, length: Option<u64>, progress: Rc<Progress>) -> Self {
        if !upload.is_repeatable() {
            progress.uploading(true);
        }
        Self { upload, progress, left: length }
    }

    /// What is sent, for who notes nothing.
    #[cfg(feature = "reqwest")]
    pub(super) fn into_upload(self) -> Upload {
        self.upload
    }

    /// Counts what a stream gave. Its end is noted with the last byte: where the length is known, nobody asks for more.
    fn note(&mut self, piece: Option<&Bytes>) {
        let given = piece.map(|piece| piece.len() as u64);
        self.left = self.left.map(|left| left.saturating_sub(given.unwrap_or(left)));
        if given.is_none() || self.left == Some(0) {
            self.progress.uploading(false);
        }
    }
}

impl Body for Sending {
    type Data = Bytes;
    type Error = StreamError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StreamError>>> {
        let pieces = match &mut self.upload {
            Upload::Whole(bytes) if bytes.is_empty() => return Poll::Ready(None),
            Upload::Whole(bytes) => {
                return Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes)))));
            }
            Upload::Gone => return Poll::Ready(None),
            Upload::Stream(pieces) => pieces,
        };
        let piece = match std::task::ready!((pieces.0)(cx)) {
            Some(Err(error)) => {
                self.progress.upload_failed(error.to_string());
                return Poll::Ready(Some(Err(error)));
            }
            Some(Ok(piece)) => Some(piece),
            None => None,
        };
        self.note(piece.as_ref());
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.upload.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        match &self.upload {
            Upload::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Upload::Stream(_) => self.left.map_or_else(SizeHint::default, SizeHint::with_exact),
            Upload::Gone => SizeHint::with_exact(0),
        }
    }
}
