//! The client that user code holds.

use super::request::Request;
use super::session::{Sender, Session};
use super::target::Target;
use crate::error::SetupError;
use crate::stats::Kind;
use http::Method;
use http::header::{HeaderName, HeaderValue};
use std::rc::Rc;

/// Sends requests for one simulated user, which has its own connections and cookies.
///
/// Requests borrow nothing, so several can run at once: `join!(client.get("/a"), client.get("/b"))`.
///
/// ```
/// use swarm_core::prelude::*;
///
/// async fn visit(client: &HttpClient) -> TaskResult {
///     let page = client.get("/").await?;
///     page.text()?.contains("Welcome").or_fail("no welcome")?;
///     client.post("/basket").json(&[1, 2, 3]).await?;
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct HttpClient {
    sender: Sender,
}

impl HttpClient {
    /// A client on a session.
    pub(super) fn on(session: Session) -> Self {
        Self { sender: Sender { session: Rc::new(session), kind: Kind::Http } }
    }

    /// A request by GET.
    pub fn get(&self, target: impl Into<Target>) -> Request {
        self.request(Method::GET, target)
    }

    /// A request by POST.
    pub fn post(&self, target: impl Into<Target>) -> Request {
        self.request(Method::POST, target)
    }

    /// A request by PUT.
    pub fn put(&self, target: impl Into<Target>) -> Request {
        self.request(Method::PUT, target)
    }

    /// A request by PATCH.
    pub fn patch(&self, target: impl Into<Target>) -> Request {
        self.request(Method::PATCH, target)
    }

    /// A request by DELETE.
    pub fn delete(&self, target: impl Into<Target>) -> Request {
        self.request(Method::DELETE, target)
    }

    /// A request by HEAD.
    pub fn head(&self, target: impl Into<Target>) -> Request {
        self.request(Method::HEAD, target)
    }

    /// A request by OPTIONS.
    pub fn options(&self, target: impl Into<Target>) -> Request {
        self.request(Method::OPTIONS, target)
    }

    /// A request by any method.
    pub fn request(&self, method: Method, target: impl Into<Target>) -> Request {
        Request::new(self.sender.clone(), method, target.into())
    }

    /// Sends a header with every request to the host from now on.
    ///
    /// # Errors
    ///
    /// A name or value that can't be a header.
    pub fn default_header(&self, name: &str, value: &str) -> Result<(), SetupError> {
        let name = HeaderName::try_from(name)
            .map_err(|_| SetupError::new(format!("`{name}` is no name of a header")))?;
        let value = HeaderValue::try_from(value)
            .map_err(|_| SetupError::new(format!("the value of header `{name}` can't be sent")))?;
        self.sender.session.headers.borrow_mut().insert(name, value);
        Ok(())
    }

    /// The user whose client it is.
    #[cfg(test)]
    pub(super) fn context(&self) -> &crate::context::Context {
        &self.sender.session.context
    }

    /// The same session for requests of a login: without credential, and of kind `auth` in the statistics.
    pub(crate) fn for_login(&self) -> Self {
        Self { sender: Sender { session: Rc::clone(&self.sender.session), kind: Kind::Auth } }
    }

    /// Sends this as `Authorization` with every request to the host from now on.
    pub(crate) fn set_credential(&self, value: HeaderValue) {
        *self.sender.session.credential.borrow_mut() = Some(value);
    }
}
