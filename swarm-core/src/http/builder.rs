//! Making a client: as the run says, or with ways of its own.

use super::client::HttpClient;
use super::policy::Policy;
use super::session::Session;
use crate::context::{Context, FromContext, Needs};
use crate::error::SetupError;
use crate::plan::HttpVersion;
use std::time::Duration;

/// Makes a client with ways of its own, for the clients of one class.
///
/// ```
/// use swarm_core::prelude::*;
///
/// #[user(wait = constant(1s), host = "https://shop.example")]
/// struct Customer {
///     #[init(HttpClient::builder().header("x-test", "load").keep_alive(false).build(context)?)]
///     shop: HttpClient,
///     #[init(HttpClient::builder().host("https://billing.example").group("billing").build(context)?)]
///     billing: HttpClient,
/// }
///
/// #[tasks]
/// impl Customer {
///     #[task]
///     async fn pay(&mut self) -> TaskResult {
///         self.shop.post("/orders").await?;
///         // Reported as `billing /invoices`.
///         self.billing.get("/invoices").await?;
///         Ok(())
///     }
/// }
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "a builder does nothing by itself"]
pub struct ClientBuilder {
    policy: Policy,
    host: Option<String>,
    headers: Vec<(String, String)>,
}

impl ClientBuilder {
    /// Sends requests below this base URL, instead of the run's or the class's.
    pub fn host(mut self, url: impl Into<String>) -> Self {
        self.host = Some(url.into());
        self
    }

    /// Puts a word before the names that requests are reported by: where a user has several hosts, each is a group.
    pub fn group(mut self, name: impl Into<String>) -> Self {
        self.policy.group = Some(name.into());
        self
    }

    /// Sends a header with every request to the host.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Whether connections are used again (they are, if not told otherwise), or each request makes a new one.
    pub fn keep_alive(mut self, yes: bool) -> Self {
        self.policy.keep_alive = yes;
        self
    }

    /// Most connections to one server at a time; a request that needs one more waits, and the wait is part of its response time.
    pub fn max_connections_per_host(mut self, most: usize) -> Self {
        // With none at all nothing could ever be sent.
        self.policy.most_connections = Some(most.max(1));
        self
    }

    /// How many redirects are followed (30); with 0 a redirect is an answer.
    pub fn redirects(mut self, most: usize) -> Self {
        self.policy.most_redirects = most;
        self
    }

    /// Speaks this version of HTTP, instead of the run's.
    pub fn http(mut self, version: HttpVersion) -> Self {
        self.policy.http = Some(version);
        self
    }

    /// Longest time for a request with its redirects, instead of the run's.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.policy.timeout = Some(limit);
        self
    }

    /// Sends a header `traceparent` (W3C Trace Context) with every request, so that the target's traces can be found. One that the run itself traces
    /// sends its own instead.
    pub fn traceparent(mut self, yes: bool) -> Self {
        self.policy.traceparent = yes;
        self
    }

    /// The client of a user.
    ///
    /// # Errors
    ///
    /// A host or header that can't be used.
    pub fn build(self, context: &Context) -> Result<HttpClient, SetupError> {
        let Self { policy, host, headers } = self;
        let session = Session::new(context.clone(), host.as_deref(), policy)
            .map_err(|cause| SetupError::new(cause.to_string()))?;
        let client = HttpClient::on(session);
        headers.iter().try_for_each(|(name, value)| client.default_header(name, value))?;
        Ok(client)
    }
}

impl HttpClient {
    /// A client with ways of its own.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }
}

#[diagnostic::do_not_recommend]
impl FromContext for HttpClient {
    const NEEDS: Needs = Needs::HOST;

    fn from_context(context: &Context) -> Result<Self, SetupError> {
        Self::builder().build(context)
    }
}
