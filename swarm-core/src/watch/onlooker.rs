//! Who looks on, and what is hidden from it.

use super::moment::{Exception, Exchange, Moment, Recorded, TaskEnd};
use super::private::{is_private, proofs, without_query};
use crate::secrets::Secrets;
use crate::stats::{Kind, Sample, SampleResult, TaskRun};
use http::header::{HeaderMap, HeaderName, HeaderValue};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Display;

/// Who looks on while a user lives, on that user's thread.
pub(crate) struct Onlooker {
    /// The secret values of settings.
    settings: Secrets,
    proofs: RefCell<Proofs>,
    tell: RefCell<Box<dyn FnMut(Moment)>>,
    /// Why the user could not start.
    start_error: RefCell<Option<String>>,
}

/// Tokens and cookies that went over the wire so far.
#[derive(Default)]
struct Proofs {
    known: BTreeSet<String>,
    secrets: Secrets,
}

impl Onlooker {
    /// One that is told by this function, never of a secret.
    pub(crate) fn new(settings: Secrets, tell: impl FnMut(Moment) + 'static) -> Self {
        let (proofs, start_error) = (RefCell::default(), RefCell::default());
        Self { settings, proofs, tell: RefCell::new(Box::new(tell)), start_error }
    }

    /// This begins.
    pub(crate) fn begins(&self, what: &dyn Display) {
        self.tell(Moment::Begins(what.to_string()));
    }

    /// A request came to its end.
    pub(crate) fn sample(&self, sample: &Sample<'_>, exchanges: Vec<Exchange>) {
        let error = match sample.result {
            SampleResult::Failed(error) => Some(self.conceal(error)),
            SampleResult::Ok | SampleResult::Interrupted => None,
        };
        self.tell(Moment::Sample(Recorded {
            kind: sample.kind,
            method: sample.method.to_owned(),
            name: self.name(sample),
            response_time: sample.response_time,
            phases: sample.phases,
            bytes: sample.bytes,
            status: sample.status,
            error,
            interrupted: sample.result == SampleResult::Interrupted,
            exchanges,
        }));
    }

    /// An error or a panic.
    pub(crate) fn exception(&self, task: &str, message: &str) {
        let (task, message) = (task.to_owned(), self.conceal(message));
        self.tell(Moment::Exception(Exception { task, message }));
    }

    /// Codes of logins travel in queries.
    fn name(&self, sample: &Sample<'_>) -> String {
        let name = self.conceal(sample.name);
        if sample.kind == Kind::Auth { without_query(&name) } else { name }
    }

    /// A task came to its end.
    pub(crate) fn task_ends(&self, run: &TaskRun<'_>) {
        let TaskRun { task, duration, failed, .. } = *run;
        self.tell(Moment::TaskEnds(TaskEnd { name: task.to_owned(), duration, failed }));
    }

    /// The user could not start.
    pub(crate) fn could_not_start(&self, why: &str) {
        *self.start_error.borrow_mut() = Some(self.conceal(why));
    }

    /// Why it could not, if it could not.
    pub(crate) fn start_error(&self) -> Option<String> {
        self.start_error.borrow().clone()
    }

    fn tell(&self, moment: Moment) {
        (self.tell.borrow_mut())(moment);
    }

    /// What proves in these headers who sends them is hidden from now on, wherever it stands.
    pub(crate) fn learn(&self, headers: &HeaderMap) {
        let private = headers.iter().filter(|(name, value)| is_private(name, value));
        let new = private.flat_map(|(name, value)| proofs(name, value)).map(str::to_owned);
        let mut proofs = self.proofs.borrow_mut();
        let before = proofs.known.len();
        proofs.known.extend(new);
        if proofs.known.len() > before {
            proofs.secrets = Secrets::new(&proofs.known);
        }
    }

    /// Headers as they are shown.
    pub(crate) fn headers(&self, headers: &HeaderMap) -> Vec<(String, String)> {
        let shown = |name: &HeaderName, value: &HeaderValue| match is_private(name, value) {
            true => "***".to_owned(),
            false => self.conceal(&String::from_utf8_lossy(value.as_bytes())),
        };
        let headers = headers.iter();
        headers.map(|(name, value)| (name.as_str().to_owned(), shown(name, value))).collect()
    }

    /// A text without secrets.
    pub(crate) fn conceal(&self, text: &str) -> String {
        let text = self.settings.redact(text);
        self.proofs.borrow().secrets.redact(&text).into_owned()
    }
}
