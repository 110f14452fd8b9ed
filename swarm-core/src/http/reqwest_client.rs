//! The client over reqwest: for what few need and reqwest can, such as proxies and client certificates.

use super::client::HttpClient;
use super::policy::Policy;
use super::session::Session;
use super::tls;
use crate::context::{Context, FromContext, Needs};
use crate::error::SetupError;
use crate::plan::{ClientOptions, HttpVersion};
use std::net::SocketAddr;
use std::ops::Deref;

/// An [`HttpClient`] whose requests go over a [`reqwest::Client`]: the same requests, the same statistics, another way to the server. Feature `reqwest`.
///
/// As a field of a user it is built as the run says, and each user has its own connections. For what reqwest can and [`HttpClient`] can't (proxies, client
/// certificates, unix sockets, middleware of its own), go on from [`builder`](Self::builder):
///
/// ```
/// use swarm_core::prelude::*;
/// use swarm_core::reqwest::{self, Proxy};
///
/// #[user(wait = constant(1s), host = "https://shop.example")]
/// struct BehindAProxy {
///     #[init(ReqwestClient::new(proxied(context)?, context)?)]
///     client: ReqwestClient,
/// }
///
/// fn proxied(context: &Context) -> Result<reqwest::Client, SetupError> {
///     let proxy = Proxy::all("http://proxy.example:3128");
///     let builder = ReqwestClient::builder(context)?;
///     proxy.and_then(|proxy| builder.proxy(proxy).build()).map_err(SetupError::from_error)
/// }
///
/// #[tasks]
/// impl BehindAProxy {
///     #[task]
///     async fn index(&mut self) -> TaskResult {
///         self.client.get("/").await?;
///         Ok(())
///     }
/// }
/// ```
///
/// It costs about twice the CPU of [`HttpClient`], and knows less of a request: there are no phases but the time to the first byte and that of the body, no share
/// of reused connections, and a request without an answer counts as sent, for reqwest does not say how far it came. `--dns-ttl` means nothing to it. Cookies and
/// redirects are swarm's, as with [`HttpClient`], so leave those of reqwest off, as the builder has them.
#[derive(Clone)]
pub struct ReqwestClient(HttpClient);

impl ReqwestClient {
    /// A client over one of reqwest's, for the user of this context. What is shared by several users shares its connections.
    ///
    /// # Errors
    ///
    /// A host that can't be used.
    pub fn new(client: reqwest::Client, context: &Context) -> Result<Self, SetupError> {
        let policy = Policy { reqwest: Some(client), ..Policy::default() };
        let session = Session::new(context.clone(), None, policy)
            .map_err(|cause| SetupError::new(cause.to_string()))?;
        Ok(Self(HttpClient::on(session)))
    }

    /// A builder of reqwest's with the options of the run: TLS (one configuration for the whole process), version of HTTP, time limit for connecting, addresses.
    ///
    /// # Errors
    ///
    /// A file of certificates that can't be used.
    pub fn builder(context: &Context) -> Result<reqwest::ClientBuilder, SetupError> {
        let options: &ClientOptions = &context.spec().client;
        let tls = tls::config(options, options.http).map_err(SetupError::from_error)?;
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("swarm/", env!("CARGO_PKG_VERSION")))
            .tls_backend_preconfigured((*tls).clone())
            .connect_timeout(options.connect_timeout)
            // Done by the layer above, for both clients alike.
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never());
        builder = match options.http {
            HttpVersion::Auto => builder,
            HttpVersion::Http1 => builder.http1_only(),
            HttpVersion::Http2 => builder.http2_prior_knowledge(),
        };
        for resolve in &options.resolve {
            builder =
                builder.resolve(&resolve.host, SocketAddr::new(resolve.address, resolve.port));
        }
        let sources = &options.source_ips;
        if !sources.is_empty() {
            builder = builder.local_address(sources[context.number() as usize % sources.len()]);
        }
        Ok(builder)
    }
}

impl Deref for ReqwestClient {
    type Target = HttpClient;

    fn deref(&self) -> &HttpClient {
        &self.0
    }
}

#[diagnostic::do_not_recommend]
impl FromContext for ReqwestClient {
    const NEEDS: Needs = Needs::HOST;

    fn from_context(context: &Context) -> Result<Self, SetupError> {
        Self::new(Self::builder(context)?.build().map_err(SetupError::from_error)?, context)
    }
}
