//! Clients for the systems beside the target: those that are asked, and those that are told.

use reqwest::header::HeaderMap;
use reqwest::{Client, ClientBuilder, Url};
use rustls::ClientConfig;
use rustls::crypto::ring::default_provider;
use rustls_platform_verifier::BuilderVerifierExt as _;
use std::error::Error;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// One for the system at this address, which is sent these headers and has this long for an answer. It trusts whom the platform trusts.
///
/// # Errors
///
/// Certificates of the platform that can't be used.
pub(crate) fn client(
    to: &Url,
    headers: &HeaderMap,
    longest: Duration,
) -> Result<ClientBuilder, Box<dyn Error + Send + Sync>> {
    let tls = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    let builder = Client::builder()
        .tls_backend_preconfigured(tls)
        .user_agent(concat!("swarm/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers.clone())
        .timeout(longest);
    Ok(if is_near(to) { builder.no_proxy() } else { builder })
}

/// Whether it is on this machine.
pub(crate) fn is_near(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse().is_ok_and(|host: IpAddr| host.is_loopback())
}
