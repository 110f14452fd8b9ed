//! Building a request, sending it, recording its one sample.

use super::error::{Cause, RequestError};
use super::exchange;
use super::multipart::MultipartForm;
use super::outgoing::{Outgoing, TRACEPARENT};
use super::recording::{Recording, Tracked};
use super::response::Response;
use super::session::{Sender, Session};
use super::stream::BodyStream;
use super::target::{Resolved, Target};
use super::transcript::Transcript;
use super::upload::Upload;
use crate::error::TaskError;
use crate::settings::Secret;
use crate::stats::{Kind, Phases, SampleResult};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_core::Stream;
use http::Method;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use std::borrow::Cow;
use std::cell::Cell;
use std::error::Error;
use std::pin::{Pin, pin};
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
    body: Upload,
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
            body: Upload::NONE,
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
            Ok(body) => self.body = Upload::Whole(body.into()),
            Err(error) => {
                self.mistake = Some(format!("the body can't be written as JSON: {error}"))
            }
        }
        self.content_type("application/json")
    }

    /// Sends fields as an HTML form does.
    pub fn form(mut self, fields: &impl Serialize) -> Self {
        match serde_urlencoded::to_string(fields) {
            Ok(body) => self.body = Upload::Whole(body.into()),
            Err(error) => self.mistake = Some(format!("the form can't be written: {error}")),
        }
        self.content_type("application/x-www-form-urlencoded")
    }

    /// Sends a form with files.
    pub fn multipart(mut self, form: &MultipartForm) -> Self {
        let (content_type, body) = form.encode();
        self.body = Upload::Whole(body);
        match HeaderValue::try_from(content_type) {
            Ok(value) => drop(self.headers.insert(CONTENT_TYPE, value)),
            Err(_) => self.mistake = Some("the form's type can't be sent".to_owned()),
        }
        self
    }

    /// Sends these bytes.
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = Upload::Whole(body.into());
        self
    }

    /// Sends what a stream gives, while it gives it: for bodies that are too long to be kept, or are made on the way.
    ///
    /// Without a header `content-length` it is sent in chunks. It can't be sent again, so a redirect that asks for that is a failure. A stream that fails is a
    /// failure of this request.
    ///
    /// ```
    /// use std::convert::Infallible;
    /// use swarm_core::prelude::*;
    ///
    /// async fn upload(client: &HttpClient) -> TaskResult {
    ///     let lines = (0..1_000_000).map(|number| Ok::<_, Infallible>(format!("line {number}\n")));
    ///     client.put("/log").body_stream(futures_util::stream::iter(lines)).await?;
    ///     Ok(())
    /// }
    /// ```
    pub fn body_stream<B, E>(
        mut self,
        stream: impl Stream<Item = Result<B, E>> + Send + 'static,
    ) -> Self
    where
        B: Into<Bytes>,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        self.body = Upload::stream(stream);
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

    /// Sends it, and gives the body piece by piece, for answers that are too long to be kept or have no end.
    ///
    /// The time limit holds until the head of the answer; the sample is recorded when the stream ends.
    ///
    /// # Errors
    ///
    /// As without a stream, up to the head of the answer. A `check` needs the whole answer, so that both together are refused.
    pub async fn stream(self) -> Result<BodyStream, RequestError> {
        let Ready { mut recording, mut outgoing, resolved, limit, check } = self.ready().await;
        outgoing.may_be_packed = false;
        let sender = recording.sender.clone();
        let opened = match (resolved, check) {
            (Err(cause), _) => Err(cause),
            (Ok(_), Some(_)) => {
                Err(Cause::Invalid("a check needs the whole answer: no `stream`".to_owned()))
            }
            (Ok(mut to), None) => {
                let open = pin!(exchange::open(&sender.session, &mut outgoing, &mut to));
                in_time(limit, open).await
            }
        };
        let cause = match opened {
            Ok((opened, _)) if opened.head.status.as_u16() < 400 => {
                return Ok(BodyStream::new(opened, recording));
            }
            Ok((opened, _)) => {
                recording.status = Some(opened.head.status.as_u16());
                Cause::Status(opened.head.status)
            }
            Err(cause) => cause,
        };
        recording.sort = cause.sort();
        recording.close(SampleResult::Failed(&cause.to_string()), None);
        Err(cause.into())
    }

    async fn run(self) -> Result<Response, RequestError> {
        let Ready { mut recording, mut outgoing, resolved, limit, check } = self.ready().await;
        let (sender, begun) = (recording.sender.clone(), recording.begun);
        let result = match resolved {
            Err(cause) => Err(cause),
            Ok(mut to) => {
                let send = pin!(exchange::send(&sender.session, &mut outgoing, &mut to, begun));
                in_time(limit, send).await
            }
        };
        let result = judge(result, check, sender.kind);
        let response = match &result {
            Ok(response) => Some(response),
            Err(error) => error.response(),
        };
        recording.bytes = response.map_or(0, |response| response.body.len() as u64);
        recording.status = response.map(Response::status);
        match &result {
            Ok(_) => recording.close(SampleResult::Ok, response),
            Err(error) => {
                recording.sort = error.sort();
                recording.close(SampleResult::Failed(&error.to_string()), response);
            }
        }
        result
    }

    /// What is needed to send it. A credential that is due is renewed first: that is a login's time, not this request's.
    async fn ready(mut self) -> Ready {
        let keeper = &self.sender.session.keeper;
        if self.sender.kind != Kind::Auth
            && keeper.is_due()
            && let Err(cause) = keeper.refresh().await
        {
            self.mistake.get_or_insert(cause.to_string());
        }
        let Self { sender, method, target, name, .. } = self;
        let session = &sender.session;
        let begun = Instant::now();
        let (name, resolved) = match self.mistake {
            Some(mistake) => {
                let name = name.unwrap_or_else(|| target.text().to_owned().into());
                (Some(name), Err(Cause::Invalid(mistake)))
            }
            None => match target.resolve(session.base(), self.query.as_deref()) {
                // Else that of its `path!`, else its path.
                Ok(resolved) => (name.or_else(|| resolved.name.clone()), Ok(resolved)),
                Err((cause, target)) => (Some(name.unwrap_or_else(|| target.into())), Err(cause)),
            },
        };
        let tracked = tracked(session, resolved.as_ref().ok(), &mut self.headers);
        let phases = Rc::new(Cell::new(Phases::default()));
        let transcript = Transcript::of(&session.context);
        let policy = &session.policy;
        let limit = self.timeout.or(policy.timeout);
        let outgoing = Outgoing {
            method: method.clone(),
            headers: self.headers,
            body: self.body,
            with_credential: sender.kind != Kind::Auth,
            most_redirects: self.most_redirects.unwrap_or(policy.most_redirects),
            phases: Rc::clone(&phases),
            may_be_packed: true,
            transcript: transcript.clone(),
        };
        Ready {
            limit: limit.unwrap_or(session.context.spec().client.timeout),
            recording: Recording {
                sender,
                phases,
                method,
                name,
                uri: resolved.as_ref().map(|to| to.uri.clone()).unwrap_or_default(),
                begun,
                bytes: 0,
                status: None,
                open: true,
                transcript,
                tracked,
                sort: None,
            },
            outgoing,
            resolved,
            check: self.check,
        }
    }
}

/// Whether a request is traced; then it sends its place in the trace, unless user code sends another one.
fn tracked(session: &Session, to: Option<&Resolved>, headers: &mut HeaderMap) -> Tracked {
    let traced = session.context.begin_span()?;
    let value = HeaderValue::try_from(traced.traceparent.to_string());
    if let Ok(value) = value
        && !session.headers.borrow().contains_key(TRACEPARENT)
    {
        headers.entry(TRACEPARENT).or_insert(value);
    }
    let origin = to.and_then(|to| session.origin(to.elsewhere.as_ref()).ok());
    Some(Box::new((traced, origin)))
}

/// A request that can be sent.
struct Ready {
    recording: Recording,
    outgoing: Outgoing,
    resolved: Result<Resolved, Cause>,
    limit: Duration,
    check: Option<Check>,
}

/// The exchange is pinned by the caller: taken by value it would stand in the request's future twice, and that is moved to the heap for each request.
async fn in_time<T>(
    limit: Duration,
    exchange: Pin<&mut impl Future<Output = Result<T, Cause>>>,
) -> Result<T, Cause> {
    timeout(limit, exchange).await.unwrap_or(Err(Cause::TimedOut { what: "the request", limit }))
}

impl IntoFuture for Request {
    type Output = Result<Response, RequestError>;
    type IntoFuture = RequestFuture;

    fn into_future(self) -> RequestFuture {
        self.send()
    }
}

fn judge(
    result: Result<Response, Cause>,
    check: Option<Check>,
    kind: Kind,
) -> Result<Response, RequestError> {
    let response = result.map_err(RequestError::from)?;
    let failing = response.status.as_u16() >= 400;
    let cause = match check {
        None if failing => Cause::Status(response.status),
        None => return Ok(response),
        Some(check) => match check(&response) {
            Ok(()) => return Ok(response),
            Err(error) => {
                let (message, status) = (error.to_string(), failing.then_some(response.status));
                match kind {
                    // The check is the mechanism's, and no user knows of it.
                    Kind::Auth => Cause::Refused { message, status },
                    _ => Cause::Check { message, status },
                }
            }
        },
    };
    Err(RequestError::with_response(cause, response))
}
