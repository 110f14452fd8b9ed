//! The ways of one client.

use super::redirect;
use crate::plan::HttpVersion;
use std::time::Duration;

/// How one client uses connections and follows redirects.
#[derive(Debug, Clone)]
pub(super) struct Policy {
    /// Whether connections are used again.
    pub(super) keep_alive: bool,
    /// Most connections to one server at a time; what needs one more waits.
    pub(super) most_connections: Option<usize>,
    pub(super) most_redirects: usize,
    /// Longest time for a request; the run's if absent.
    pub(super) timeout: Option<Duration>,
    /// What stands before the names of its requests.
    pub(super) group: Option<String>,
    pub(super) traceparent: bool,
    /// Which HTTP is spoken; the run's if absent.
    pub(super) http: Option<HttpVersion>,
    /// Whose connections are used, instead of the user's own.
    #[cfg(feature = "reqwest")]
    pub(super) reqwest: Option<reqwest::Client>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            keep_alive: true,
            most_connections: None,
            most_redirects: redirect::MOST_REDIRECTS,
            timeout: None,
            group: None,
            traceparent: false,
            http: None,
            #[cfg(feature = "reqwest")]
            reqwest: None,
        }
    }
}
