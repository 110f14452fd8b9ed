//! The client that user code holds.

use super::credential::Credential;
use super::error::RequestError;
use super::keeper::Renew;
use super::request::Request;
use super::session::{Sender, Session};
use super::target::Target;
use crate::error::SetupError;
use crate::stats::Kind;
use http::Method;
use http::header::{HeaderName, HeaderValue};
use std::rc::Rc;
use url::Url;

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

    /// The address of a path of the host, or of any URL.
    pub(crate) fn absolute(&self, target: &str) -> Result<Url, RequestError> {
        Ok(self.sender.session.absolute(target)?)
    }

    /// The user whose client it is.
    pub(crate) fn context(&self) -> &crate::context::Context {
        &self.sender.session.context
    }

    /// The same session for requests of a login: without credential, and of kind `auth` in the statistics.
    pub(crate) fn for_login(&self) -> Self {
        Self { sender: Sender { session: Rc::clone(&self.sender.session), kind: Kind::Auth } }
    }

    /// The same as [`for_login`](Self::for_login) as long as the user is there, for what the session itself holds.
    pub(crate) fn for_later_logins(&self) -> impl Fn() -> Option<Self> + use<> {
        let session = Rc::downgrade(&self.sender.session);
        move || Some(Self { sender: Sender { session: session.upgrade()?, kind: Kind::Auth } })
    }

    /// Sends this credential with every request to the host from now on, and keeps it good.
    pub(crate) fn hold(&self, credential: Credential, renew: Renew) -> Result<(), RequestError> {
        Ok(self.sender.session.keeper.hold(credential, renew)?)
    }
}
