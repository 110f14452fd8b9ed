//! A body that is read piece by piece.

use super::error::{Cause, RequestError};
use super::events::{Events, ServerEvent};
use super::opened::Opened;
use super::recording::Recording;
use crate::stats::SampleResult;
use bytes::Bytes;
use http::HeaderMap;
use http::header::AsHeaderName;

/// The body of an answer, piece by piece or event by event.
///
/// Its request is recorded once: as a success when the body ends or the user [closes](Self::close) it, as a failure when the connection breaks, and as
/// interrupted when it is dropped before. The response time is that of the whole; the time to the first byte stands among the phases.
///
/// ```
/// use swarm_core::prelude::*;
///
/// async fn watch_prices(client: &HttpClient) -> TaskResult {
///     let mut prices = client.get("/prices").header("accept", "text/event-stream").stream().await?;
///     for _ in 0..10 {
///         let price = prices.event().await?.or_fail("the server stopped")?;
///         price.data.parse::<f64>()?;
///     }
///     prices.close();
///     Ok(())
/// }
/// ```
pub struct BodyStream {
    /// None once the body has ended.
    opened: Option<Opened>,
    recording: Recording,
    status: u16,
    headers: HeaderMap,
    events: Events,
}

impl BodyStream {
    pub(super) fn new(opened: Opened, mut recording: Recording) -> Self {
        let (status, headers) = (opened.head.status.as_u16(), opened.head.headers.clone());
        recording.status = Some(status);
        Self { opened: Some(opened), recording, status, headers, events: Events::default() }
    }

    /// HTTP status of the answer.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The first header of this name, if it is there and is text.
    #[must_use]
    pub fn header(&self, name: impl AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The next piece; none at the end.
    ///
    /// # Errors
    ///
    /// A connection that breaks.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, RequestError> {
        let Some(opened) = &mut self.opened else { return Ok(None) };
        match opened.chunk().await {
            Ok(Some(piece)) => {
                self.recording.bytes += piece.len() as u64;
                if let Some(transcript) = &self.recording.transcript {
                    transcript.reads(&piece);
                }
                Ok(Some(piece))
            }
            Ok(None) => {
                if let Some(opened) = self.opened.take() {
                    opened.end();
                }
                self.recording.close(SampleResult::Ok, None);
                Ok(None)
            }
            Err(cause) => Err(self.fail(cause)),
        }
    }

    /// The next server-sent event; none at the end.
    ///
    /// # Errors
    ///
    /// A connection that breaks; an event that is larger than a body may be.
    pub async fn event(&mut self) -> Result<Option<ServerEvent>, RequestError> {
        let most = self.recording.sender.session.context.spec().client.max_body;
        loop {
            if let Some(event) = self.events.next() {
                return Ok(Some(event));
            }
            match self.chunk().await? {
                Some(piece) => self.events.add(&piece),
                None => return Ok(None),
            }
            if self.events.held() as u64 > most {
                return Err(self.fail(Cause::TooLarge(most)));
            }
        }
    }

    /// Enough was read: the request is recorded as a success, and the connection is closed.
    pub fn close(mut self) {
        if self.opened.take().is_some() {
            self.recording.close(SampleResult::Ok, None);
        }
    }

    fn fail(&mut self, cause: Cause) -> RequestError {
        self.opened = None;
        self.recording.sort = cause.sort();
        self.recording.close(SampleResult::Failed(&cause.to_string()), None);
        cause.into()
    }
}
