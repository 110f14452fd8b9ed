//! Building a request, sending it, recording its one sample.

use super::error::{Cause, RequestError};
use super::exchange::{self, Outgoing};
use super::response::Response;
use super::session::Sender;
use super::target::{Resolved, Target};
use crate::context::Context;
use crate::error::TaskError;
use crate::settings::Secret;
use crate::stats::{Kind, Phases, Sample, SampleResult};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Method;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use std::borrow::Cow;
use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// What the user checks an answer by.
type Check = Box<dyn FnOnce(&Response) -> Result<(), TaskError>>;

/// A request under way: one allocation, whatever the request.
pub type RequestFuture = Pin<Box<dyn Future<Output = Result<Response, RequestError>>>>;

/// A request that is not sent yet: await it.
///
/// What can't be built (a bad header, a body that is no JSON) is told when it is awaited, as a failure of this request.
#[must_use = "a request is sent when it is awaited"]
pub struct Request {
    sender: Sender,
    method: Method,
    target: Target,
    headers: HeaderMap,
    body: Bytes,
    query: Option<String>,
    timeout: Option<Duration>,
    name: Option<Cow<'static, str>>,
    check: Option<Check>,
    most_redirects: Option<usize>,
    mistake: Option<String>,
}

impl Request {
    pub(super) fn new(sender: Sender, method: Method, target: Target) -> Self {
        Self {
            sender,
            method,
            target,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            query: None,
            timeout: None,
            name: None,
            check: None,
            most_redirects: None,
            mistake: None,
        }
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: impl AsRef<str>) -> Self {
        match (HeaderName::try_from(name), HeaderValue::try_from(value.as_ref())) {
            (Ok(name), Ok(value)) => {
                self.headers.append(name, value);
            }
            (Err(_), _) => self.mistake = Some(format!("`{name}` is no name of a header")),
            // The value may be secret.
            (_, Err(_)) => {
                self.mistake = Some(format!("the value of header `{name}` can't be sent"))
            }
        }
        self
    }

    /// Adds fields to the query: pairs, or a struct.
    pub fn query(mut self, query: &impl Serialize) -> Self {
        match serde_urlencoded::to_string(query) {
            Ok(more) => match &mut self.query {
                Some(query) => {
                    query.push('&');
                    query.push_str(&more);
                }
                None => self.query = Some(more),
            },
            Err(error) => self.mistake = Some(format!("the query can't be built: {error}")),
        }
        self
    }

    /// Sends a value as JSON.
    pub fn json(mut self, value: &impl Serialize) -> Self {
        match serde_json::to_vec(value) {
            Ok(body) => self.body = body.into(),
            Err(error) => {
                self.mistake = Some(format!("the body can't be written as JSON: {error}"))
            }
        }
        self.content_type("application/json")
    }

    /// Sends fields as an HTML form does.
    pub fn form(mut self, fields: &impl Serialize) -> Self {
        match serde_urlencoded::to_string(fields) {
            Ok(body) => self.body = body.into(),
            Err(error) => self.mistake = Some(format!("the form can't be written: {error}")),
        }
        self.content_type("application/x-www-form-urlencoded")
    }

    /// Sends these bytes.
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    fn content_type(mut self, kind: &'static str) -> Self {
        self.headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static(kind));
        self
    }

    /// Logs in with name and password, for this request.
    pub fn basic_auth(self, username: &str, password: &Secret) -> Self {
        let pair = STANDARD.encode(format!("{username}:{}", password.expose()));
        self.authorization(&format!("Basic {pair}"))
    }

    /// Sends a token, with this request.
    pub fn bearer_auth(self, token: &Secret) -> Self {
        self.authorization(&format!("Bearer {}", token.expose()))
    }

    fn authorization(mut self, value: &str) -> Self {
        match HeaderValue::try_from(value) {
            Ok(mut value) => {
                value.set_sensitive(true);
                self.headers.insert(AUTHORIZATION, value);
            }
            Err(_) => self.mistake = Some("the credential can't be sent as a header".to_owned()),
        }
        self
    }

    /// Longest time for this request with its redirects; the run's (60 s by default) if not given.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// How many redirects are followed, instead of the client's number (30). With 0 a redirect is the answer.
    pub fn redirects(mut self, most: usize) -> Self {
        self.most_redirects = Some(most);
        self
    }

    /// What it is reported as, instead of its path.
    pub fn name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Decides by the answer whether the request succeeded, before it is recorded.
    ///
    /// The check alone decides: an answer with status 404 that passes it is a success.
    pub fn check(
        mut self,
        check: impl FnOnce(&Response) -> Result<(), TaskError> + 'static,
    ) -> Self {
        self.check = Some(Box::new(check));
        self
    }

    /// Sends it; awaiting it does the same.
    #[must_use = "a request is sent when it is awaited"]
    pub fn send(self) -> RequestFuture {
        Box::pin(self.run())
    }

    async fn run(self) -> Result<Response, RequestError> {
        let Self {
            sender,
            method,
            target,
            headers,
            body,
            query,
            timeout: limit,
            name,
            check,
            most_redirects,
            mistake,
        } = self;
        let session = &*sender.session;
        let context = &session.context;
        let begun = Instant::now();
        let (name, resolved) = match mistake {
            Some(mistake) => {
                let name = name.unwrap_or_else(|| target.text().to_owned().into());
                (Name::Given(name), Err(Cause::Invalid(mistake)))
            }
            None => match target.resolve(session.base(), query.as_deref()) {
                Ok(resolved) => (name_of(name, &resolved), Ok(resolved)),
                Err((cause, target)) => {
                    (Name::Given(name.unwrap_or_else(|| target.into())), Err(cause))
                }
            },
        };
        let phases = Rc::new(Cell::new(Phases::default()));
        let policy = &session.policy;
        let mut recording = Recording {
            context,
            group: policy.group.as_deref(),
            phases: Rc::clone(&phases),
            kind: sender.kind,
            method: method.clone(),
            name,
            begun,
            open: true,
        };
        let outgoing = Outgoing {
            method,
            headers,
            body,
            with_credential: sender.kind != Kind::Auth,
            most_redirects: most_redirects.unwrap_or(policy.most_redirects),
            phases,
        };
        let limit = limit.or(policy.timeout).unwrap_or(context.spec().client.timeout);
        let result = match resolved {
            Err(cause) => Err(cause),
            Ok(resolved) => timeout(limit, exchange::send(session, outgoing, resolved, begun))
                .await
                .unwrap_or(Err(Cause::TimedOut { what: "the request", limit })),
        };
        let result = judge(result, check);
        recording.close(&result);
        result
    }
}

impl IntoFuture for Request {
    type Output = Result<Response, RequestError>;
    type IntoFuture = RequestFuture;

    fn into_future(self) -> RequestFuture {
        self.send()
    }
}

/// What a request is reported as: the name given, else that of its `path!`, else its path.
fn name_of(given: Option<Cow<'static, str>>, resolved: &Resolved) -> Name {
    match given.or_else(|| resolved.name.clone()) {
        Some(name) => Name::Given(name),
        None => Name::Uri(resolved.uri.clone()),
    }
}

/// A name, without a copy where the URI is it.
enum Name {
    Given(Cow<'static, str>),
    Uri(http::Uri),
}

fn judge(result: Result<Response, Cause>, check: Option<Check>) -> Result<Response, RequestError> {
    let response = result.map_err(RequestError::from)?;
    let failing = response.status.as_u16() >= 400;
    let cause = match check {
        None if failing => Cause::Status(response.status),
        None => return Ok(response),
        Some(check) => match check(&response) {
            Ok(()) => return Ok(response),
            Err(error) => Cause::Check {
                message: error.to_string(),
                status: failing.then_some(response.status),
            },
        },
    };
    Err(RequestError::with_response(cause, response))
}

/// Records the one sample of a request; as interrupted, if its future is dropped before the end.
struct Recording<'a> {
    context: &'a Context,
    /// What stands before the name.
    group: Option<&'a str>,
    phases: Rc<Cell<Phases>>,
    kind: Kind,
    method: Method,
    name: Name,
    begun: Instant,
    open: bool,
}

impl Recording<'_> {
    fn close(&mut self, result: &Result<Response, RequestError>) {
        self.open = false;
        let response = match result {
            Ok(response) => Some(response),
            Err(error) => error.response(),
        };
        let bytes = response.map_or(0, |response| response.body.len() as u64);
        let status = response.map(Response::status);
        match result {
            Ok(_) => self.record(SampleResult::Ok, bytes, status),
            Err(error) => self.record(SampleResult::Failed(&error.to_string()), bytes, status),
        }
    }

    fn record(&self, result: SampleResult<'_>, bytes: u64, status: Option<u16>) {
        let response_time = self.begun.elapsed();
        let name = match &self.name {
            Name::Given(name) => name,
            Name::Uri(uri) => uri.path_and_query().map_or("/", |path| path.as_str()),
        };
        let grouped;
        let name = match self.group {
            None => name,
            Some(group) => {
                grouped = format!("{group} {name}");
                &grouped
            }
        };
        self.context.record(&Sample {
            kind: self.kind,
            method: self.method.as_str(),
            name,
            response_time,
            from_schedule: self.context.charge_delay(response_time),
            phases: self.phases.get(),
            bytes,
            status,
            result,
        });
    }
}

impl Drop for Recording<'_> {
    fn drop(&mut self) {
        if self.open {
            self.record(SampleResult::Interrupted, 0, None);
        }
    }
}
