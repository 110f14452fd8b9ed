//! The one sample of a request.

use super::session::Sender;
use crate::stats::{Phases, Sample, SampleResult};
use http::{Method, Uri};
use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;
use tokio::time::Instant;

/// What a request is reported as, without a copy where the URI is it.
pub(super) enum Name {
    Given(Cow<'static, str>),
    Uri(Uri),
}

/// Records the one sample of a request; as interrupted, if it is dropped before the end.
pub(super) struct Recording {
    pub(super) sender: Sender,
    pub(super) phases: Rc<Cell<Phases>>,
    pub(super) method: Method,
    pub(super) name: Name,
    pub(super) begun: Instant,
    /// Bytes of the answer's body so far.
    pub(super) bytes: u64,
    pub(super) status: Option<u16>,
    pub(super) open: bool,
}

impl Recording {
    /// The request has come to its end.
    pub(super) fn close(&mut self, result: SampleResult<'_>) {
        self.open = false;
        self.record(result);
    }

    fn record(&self, result: SampleResult<'_>) {
        let session = &self.sender.session;
        let response_time = self.begun.elapsed();
        let name = match &self.name {
            Name::Given(name) => name,
            Name::Uri(uri) => uri.path_and_query().map_or("/", |path| path.as_str()),
        };
        let grouped;
        let name = match &session.policy.group {
            None => name,
            Some(group) => {
                grouped = format!("{group} {name}");
                &grouped
            }
        };
        session.context.record(&Sample {
            kind: self.sender.kind,
            method: self.method.as_str(),
            name,
            response_time,
            from_schedule: session.context.charge_delay(response_time),
            phases: self.phases.get(),
            bytes: self.bytes,
            status: self.status,
            result,
        });
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        if self.open {
            self.record(SampleResult::Interrupted);
        }
    }
}
