//! What can be known of a target before the first request.

use super::error::{Cause, RequestError};
use super::target::{Base, Origin};
use super::tls;
use crate::plan::ClientOptions;

/// Checks that requests can be sent to a host with these options: that it is a URL, that it is allowed, that certificates can be read.
///
/// # Errors
///
/// What is wrong.
///
/// ```
/// use swarm_core::http::check;
/// use swarm_core::plan::ClientOptions;
///
/// assert!(check("https://example.com/api", &ClientOptions::default()).is_ok());
/// assert!(check("localhost:8080", &ClientOptions::default()).is_err());
/// ```
pub fn check(host: &str, options: &ClientOptions) -> Result<(), RequestError> {
    let base = Base::parse(host)?;
    Origin::of(&base.url)?.allowed(options)?;
    if options.ca_file.is_some() {
        tls::config(options, options.http)
            .map_err(|error| Cause::Invalid(format!("--ca-file: {error}")))?;
    }
    Ok(())
}
