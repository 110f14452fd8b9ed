//! Requests to an OAuth2 provider, as the `oauth2` crate wants them sent.

use super::authenticator::AuthError;
use crate::error::{TaskError, TaskResult};
use crate::http::{HttpClient, RequestError, Response};
use oauth2::basic::BasicErrorResponse;
use oauth2::{HttpRequest, HttpResponse, RequestTokenError};
use std::cell::RefCell;

type TokenError = RequestTokenError<RequestError, BasicErrorResponse>;

/// Sends the requests of the `oauth2` crate, and remembers the one that failed: the crate wants the answer, and says no more of it than what the provider wrote.
pub(super) struct Sender<'a> {
    client: &'a HttpClient,
    failed: RefCell<Option<RequestError>>,
}

impl<'a> Sender<'a> {
    pub(super) fn new(client: &'a HttpClient) -> Self {
        Self { client, failed: RefCell::new(None) }
    }

    pub(super) async fn send(&self, request: HttpRequest) -> Result<HttpResponse, RequestError> {
        let (head, body) = request.into_parts();
        let url = head.uri.to_string();
        let mut request = self.client.request(head.method, url.as_str()).body(body);
        request = request.name(name(self.client, &url));
        for (name, value) in &head.headers {
            request = request.header(name.as_str(), value.to_str().unwrap_or_default());
        }
        match request.check(is_granted).await {
            Ok(answer) => Ok(converted(&answer)),
            Err(error) => {
                let answer = error.response().map(converted);
                match answer {
                    Some(answer) => {
                        *self.failed.borrow_mut() = Some(error);
                        Ok(answer)
                    }
                    None => Err(error),
                }
            }
        }
    }

    /// Why there is no token. What the provider says of a failed login is no secret; a token would be.
    pub(super) fn explain(&self, error: TokenError) -> AuthError {
        let failed = self.failed.take();
        match error {
            RequestTokenError::Request(error) => error.into(),
            RequestTokenError::ServerResponse(said) => match failed {
                Some(failed) => failed.into(),
                None => AuthError::new(format!("login failed: {}", said.error())),
            },
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => match failed {
                Some(failed) => failed.into(),
                None => {
                    AuthError::new("login failed: the provider's answer is not what was expected")
                }
            },
        }
    }
}

/// Refuses an answer that refuses, in the provider's words (RFC 6749, section 5.2).
fn is_granted(answer: &Response) -> TaskResult {
    if answer.status() < 400 {
        return Ok(());
    }
    let said: Result<BasicErrorResponse, _> = answer.json();
    let message = said.map_or_else(
        |_| "refused".to_owned(),
        |said| {
            let description = said.error_description().map(|text| format!(" ({text})"));
            format!("{}{}", said.error(), description.unwrap_or_default())
        },
    );
    Err(TaskError::new(message))
}

fn converted(answer: &Response) -> HttpResponse {
    let mut converted = HttpResponse::new(answer.bytes().to_vec());
    *converted.status_mut() = http::StatusCode::from_u16(answer.status()).unwrap_or_default();
    *converted.headers_mut() = answer.headers().clone();
    converted
}

/// What a request to the provider is reported as: its address without the query, which differs each time.
pub(super) fn name(client: &HttpClient, url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let home = client.absolute("/").map(|home| home.origin().ascii_serialization());
    match home.ok().and_then(|home| url.strip_prefix(home.as_str())) {
        Some(path) => path.to_owned(),
        None => url.to_owned(),
    }
}
