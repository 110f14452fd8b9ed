//! Why a request failed.

use super::response::Response;
use std::error::Error;
use std::fmt;
use std::io;
use std::time::Duration;

/// A failed request. It was recorded as a failure before user code sees it.
///
/// Its text is its cause: short, and the same for all requests that fail for the same reason, because failures are grouped by it.
pub struct RequestError(Box<Inner>);

struct Inner {
    cause: Cause,
    response: Option<Response>,
}

/// The reasons there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cause {
    /// It could not be built: a bad URL, header or body.
    Invalid(String),
    /// No connection was made.
    Connect(String),
    /// The connection failed while it was in use.
    Connection(String),
    /// It took too long.
    TimedOut { what: &'static str, limit: Duration },
    /// The answer's status is 400 or more.
    Status(http::StatusCode),
    /// A check of the user's failed.
    Check { message: String, status: Option<http::StatusCode> },
    /// A login was refused.
    Refused { message: String, status: Option<http::StatusCode> },
    /// Redirects that can't be followed.
    Redirect(String),
    /// The answer's body is larger than allowed.
    TooLarge(u64),
}

impl From<Cause> for RequestError {
    fn from(cause: Cause) -> Self {
        Self(Box::new(Inner { cause, response: None }))
    }
}

impl RequestError {
    /// A failure that has an answer.
    pub(super) fn with_response(cause: Cause, response: Response) -> Self {
        Self(Box::new(Inner { cause, response: Some(response) }))
    }

    /// HTTP status of the answer, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.response.as_ref().map(Response::status)
    }

    /// The answer, if there was one.
    #[must_use]
    pub fn response(&self) -> Option<&Response> {
        self.0.response.as_ref()
    }

    /// Whether a time limit was over.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.cause, Cause::TimedOut { .. })
    }
}

impl RequestError {
    /// The sort of cause in a word; none where the status says it.
    pub(super) fn sort(&self) -> Option<&'static str> {
        self.0.cause.sort()
    }
}

impl Cause {
    /// The sort of cause in a word; none where the status says it.
    pub(super) fn sort(&self) -> Option<&'static str> {
        match self {
            Self::Invalid(_) => Some("invalid"),
            Self::Connect(_) => Some("connect"),
            Self::Connection(_) => Some("connection"),
            Self::TimedOut { .. } => Some("timeout"),
            Self::Status(_) => None,
            Self::Check { .. } => Some("check"),
            Self::Refused { .. } => Some("refused"),
            Self::Redirect(_) => Some("redirect"),
            Self::TooLarge(_) => Some("too_large"),
        }
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.cause.fmt(out)
    }
}

impl fmt::Debug for RequestError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "RequestError({})", self.0.cause)
    }
}

impl Error for RequestError {}

impl fmt::Display for Cause {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(why)
            | Self::Connect(why)
            | Self::Connection(why)
            | Self::Redirect(why) => out.write_str(why),
            Self::TimedOut { what, limit } => {
                write!(out, "{what} timed out after {}", crate::duration::text(*limit))
            }
            Self::Status(status) => write!(out, "{status}"),
            Self::Check { message, status: None } => write!(out, "check failed: {message}"),
            Self::Check { message, status: Some(status) } => {
                write!(out, "check failed: {message} ({status})")
            }
            Self::Refused { message, status: None } => out.write_str(message),
            Self::Refused { message, status: Some(status) } => write!(out, "{message} ({status})"),
            Self::TooLarge(limit) => {
                write!(out, "the answer's body is larger than {}", crate::size::text(*limit))
            }
        }
    }
}

/// What an error of a socket means, in words that do not vary.
pub(super) fn socket_text(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "connection refused".to_owned(),
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => "connection reset".to_owned(),
        io::ErrorKind::UnexpectedEof => "connection closed".to_owned(),
        io::ErrorKind::AddrNotAvailable => {
            "no free port: too many connections from this address".to_owned()
        }
        _ if error.raw_os_error() == Some(24) => {
            "too many open files: raise the limit (`ulimit -n`)".to_owned()
        }
        _ => {
            let Some(inner) = error.get_ref() else { return error.to_string() };
            match (inner.downcast_ref::<rustls::Error>(), inner.downcast_ref::<io::Error>()) {
                (Some(tls), _) => format!("TLS: {tls}"),
                (_, Some(inner)) => socket_text(inner),
                (None, None) => error.to_string(),
            }
        }
    }
}

/// What an error of hyper means: its own words hide the cause in a chain.
pub(super) fn http_text(error: &hyper::Error) -> String {
    let mut source = error.source();
    let mut closed = error.is_incomplete_message() || error.is_canceled();
    while let Some(inner) = source {
        match inner.downcast_ref::<io::Error>() {
            Some(inner) if inner.kind() == io::ErrorKind::UnexpectedEof => closed = true,
            // hyper's decoder of chunks.
            Some(inner) if inner.kind() == io::ErrorKind::InvalidInput => {
                return invalid(&inner.to_string());
            }
            Some(inner) => return socket_text(inner),
            None => {}
        }
        if let Some(inner) = inner.downcast_ref::<h2::Error>()
            && let Some(text) = http2_text(inner)
        {
            return text;
        }
        source = inner.source();
    }
    if closed {
        "connection closed before the answer was complete".to_owned()
    } else if error.is_parse() {
        invalid(&error.to_string())
    } else {
        error.to_string()
    }
}

/// What an error of HTTP/2 means, by the code that one side gave the other (RFC 9113, section 7).
fn http2_text(error: &h2::Error) -> Option<String> {
    let reason = error.reason()?;
    let what = match (error.is_go_away(), error.is_reset(), error.is_remote()) {
        (true, _, true) => "the server closes the connection",
        (_, true, true) => "the server reset the request",
        _ => "the server's answer is not valid",
    };
    Some(format!("HTTP/2: {what} ({})", reason.description()))
}

/// What an error of reqwest means: it hides the cause deeper still.
#[cfg(feature = "reqwest")]
pub(super) fn reqwest_cause(error: &reqwest::Error) -> Cause {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = inner.to_string();
        if text == "dns error" {
            let host = error.url().and_then(url::Url::host_str).unwrap_or_default();
            return Cause::Connect(format!("can't resolve `{host}`"));
        }
        if let Some(inner) = inner.downcast_ref::<hyper::Error>() {
            if inner.is_user() {
                let why = inner.source().map_or_else(|| inner.to_string(), deepest);
                return Cause::Invalid(format!("the body to send failed: {why}"));
            }
            text = http_text(inner);
            break;
        }
        if let Some(inner) = inner.downcast_ref::<io::Error>() {
            text = socket_text(inner);
            break;
        }
        source = inner.source();
    }
    if error.is_connect() { Cause::Connect(text) } else { Cause::Connection(text) }
}

/// The words of the error that all began with.
#[cfg(feature = "reqwest")]
fn deepest(error: &(dyn Error + 'static)) -> String {
    error.source().map_or_else(|| error.to_string(), deepest)
}

fn invalid(why: &str) -> String {
    format!("the answer is not valid HTTP: {why}")
}
