//! The one sample of a request.

use super::response::Response;
use super::session::Sender;
use super::target::Origin;
use super::transcript::Transcript;
use crate::stats::{Example, Kind, Phases, Sample, SampleResult};
use crate::trace::Traced;
use http::{Method, Uri};
use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;
use tokio::time::Instant;

/// Longest beginning of a body that is looked at for an example, in bytes; much longer than what is kept of it when the secrets are out.
const LONGEST_BODY: usize = 64 << 10;

/// A request that is traced, and the server that it goes to first, if it can go anywhere. Boxed, because few requests are.
pub(super) type Tracked = Option<Box<(Traced, Option<Rc<Origin>>)>>;

/// Records the one sample of a request; as interrupted, if it is dropped before the end.
pub(super) struct Recording {
    pub(super) sender: Sender,
    pub(super) phases: Rc<Cell<Phases>>,
    pub(super) method: Method,
    /// What it is reported as; its path if absent, which is not copied.
    pub(super) name: Option<Cow<'static, str>>,
    /// Path and query, as they are sent first.
    pub(super) uri: Uri,
    pub(super) begun: Instant,
    /// Bytes of the answer's body so far.
    pub(super) bytes: u64,
    pub(super) status: Option<u16>,
    pub(super) open: bool,
    /// What goes over the wire, if somebody looks on.
    pub(super) transcript: Option<Rc<Transcript>>,
    pub(super) tracked: Tracked,
    /// The sort of failure in a word, where that is known.
    pub(super) sort: Option<&'static str>,
}

impl Recording {
    /// The request has come to its end, with this answer if that was read whole.
    pub(super) fn close(&mut self, result: SampleResult<'_>, answer: Option<&Response>) {
        self.open = false;
        self.record(result, answer);
    }

    fn record(&self, result: SampleResult<'_>, answer: Option<&Response>) {
        let session = &self.sender.session;
        let response_time = self.begun.elapsed();
        let name = self.name.as_deref().unwrap_or_else(|| self.path());
        let grouped;
        let name = match &session.policy.group {
            None => name,
            Some(group) => {
                grouped = format!("{group} {name}");
                &grouped
            }
        };
        let sample = Sample {
            kind: self.sender.kind,
            method: self.method.as_str(),
            name,
            response_time,
            from_schedule: session.context.charge_delay(response_time),
            phases: self.phases.get(),
            bytes: self.bytes,
            status: self.status,
            result,
        };
        session.context.record(&sample, || self.example(&sample, answer));
        if let Some(tracked) = &self.tracked {
            self.end_span(tracked, &sample);
        }
        if let Some((transcript, onlooker)) =
            self.transcript.as_ref().zip(session.context.onlooker())
        {
            onlooker.sample(&sample, transcript.shown(sample.kind, onlooker));
        }
    }

    #[cold]
    fn end_span(&self, (traced, origin): &(Traced, Option<Rc<Origin>>), sample: &Sample<'_>) {
        let session = &self.sender.session;
        let url = origin.as_ref().and_then(|origin| origin.absolute(&self.uri).ok());
        let url = url.map(|url| session.keeper.conceal(&url.to_string()));
        session.context.end_span(*traced, sample, self.begun, url, self.sort);
    }

    fn path(&self) -> &str {
        self.uri.path_and_query().map_or("/", |path| path.as_str())
    }

    /// The request as it is kept, without what is secret.
    #[cold]
    fn example(&self, sample: &Sample<'_>, answer: Option<&Response>) -> Example {
        let session = &self.sender.session;
        let body = answer.filter(|_| sample.kind != Kind::Auth && sample.bytes > 0);
        let body = body.and_then(|answer| answer.text().ok());
        Example {
            url: session.keeper.conceal(answer.map_or(self.path(), Response::url)),
            body: body.map(|text| {
                session.keeper.conceal(&text[..text.floor_char_boundary(LONGEST_BODY)])
            }),
            ..session.context.example(sample)
        }
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        if self.open {
            self.record(SampleResult::Interrupted, None);
        }
    }
}
