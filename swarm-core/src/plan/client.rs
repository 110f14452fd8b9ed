//! How requests are sent, by all classes of a run.

use crate::duration::seconds;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// How requests are sent, by all classes of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClientOptions {
    /// Longest time for a request with its redirects. Seconds; default 60.
    #[serde(rename = "timeout_s", with = "seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "f64"))]
    pub timeout: Duration,
    /// Longest time for a connection to be made, with DNS and TLS. Seconds; default 10.
    #[serde(rename = "connect_timeout_s", with = "seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "f64"))]
    pub connect_timeout: Duration,
    /// Which HTTP is spoken.
    pub http: HttpVersion,
    /// Longest body of an answer, in bytes, as sent and when it is unpacked; default 64 MiB.
    pub max_body: u64,
    /// Accept any certificate.
    pub insecure: bool,
    /// Certificates that are trusted besides the platform's: a file in PEM format.
    pub ca_file: Option<PathBuf>,
    /// Addresses that are used instead of what DNS says.
    pub resolve: Vec<Resolve>,
    /// How long what DNS said is remembered; zero asks for each connection. Seconds; default 30.
    #[serde(rename = "dns_ttl_s", with = "seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "f64"))]
    pub dns_ttl: Duration,
    /// Local addresses that users connect from, in turns: one has 28,000 ports to one server. Any, if empty.
    pub source_ips: Vec<IpAddr>,
    /// Hosts that requests may go to: names, or `*.example.com` for all below; any, if empty.
    pub allow_hosts: Vec<String>,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(10),
            http: HttpVersion::Auto,
            max_body: 64 << 20,
            insecure: false,
            ca_file: None,
            resolve: Vec::new(),
            dns_ttl: Duration::from_secs(30),
            source_ips: Vec::new(),
            allow_hosts: Vec::new(),
        }
    }
}

impl ClientOptions {
    /// Whether requests may go to a host.
    ///
    /// ```
    /// use swarm_core::plan::ClientOptions;
    ///
    /// let mut options = ClientOptions::default();
    /// assert!(options.allows("example.com"), "all, if none is named");
    /// options.allow_hosts = vec!["localhost".to_owned(), "*.example.com".to_owned()];
    /// assert!(options.allows("api.example.com") && !options.allows("example.com"));
    /// ```
    #[must_use]
    pub fn allows(&self, host: &str) -> bool {
        let fits = |allowed: &String| match allowed.strip_prefix('*') {
            Some(end) => host.len() > end.len() && host.ends_with(&end.to_ascii_lowercase()),
            None => host.eq_ignore_ascii_case(allowed),
        };
        self.allow_hosts.is_empty() || self.allow_hosts.iter().any(fits)
    }
}

/// Which HTTP a client speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum HttpVersion {
    /// HTTP/2 where the server offers it in the TLS handshake (ALPN), else HTTP/1.1.
    #[default]
    #[serde(rename = "auto")]
    Auto,
    /// HTTP/1.1.
    #[serde(rename = "1")]
    Http1,
    /// HTTP/2, or an error; without TLS the server is taken to speak it (prior knowledge).
    #[serde(rename = "2")]
    Http2,
}

impl FromStr for HttpVersion {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "1" | "1.1" => Ok(Self::Http1),
            "2" => Ok(Self::Http2),
            _ => Err(format!("`{text}` is no version of HTTP here: write `auto`, `1` or `2`")),
        }
    }
}

/// An address for a host and port, as curl takes it: `example.com:443:127.0.0.1`.
///
/// ```
/// use swarm_core::plan::Resolve;
///
/// let resolve: Resolve = "example.com:443:[::1]".parse().unwrap();
/// assert_eq!(resolve.to_string(), "example.com:443:::1");
/// assert!("example.com:127.0.0.1".parse::<Resolve>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct Resolve {
    /// The host, as it stands in URLs.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Where it is.
    pub address: IpAddr,
}

impl FromStr for Resolve {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = || {
            let mut parts = text.splitn(3, ':');
            let (host, port, address) = (parts.next()?, parts.next()?, parts.next()?);
            let address = address.trim_start_matches('[').trim_end_matches(']');
            Some(Self {
                host: host.to_owned(),
                port: port.parse().ok()?,
                address: address.parse().ok()?,
            })
        };
        let expected = "write host:port:address, as `example.com:443:127.0.0.1`";
        parsed().ok_or_else(|| format!("`{text}` is no address for a host: {expected}"))
    }
}

impl fmt::Display for Resolve {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}:{}", self.host, self.port, self.address)
    }
}

impl Serialize for Resolve {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Resolve {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_survive_json() {
        let options = ClientOptions {
            ca_file: Some("ca.pem".into()),
            resolve: vec!["a:1:127.0.0.1".parse().expect("valid")],
            source_ips: vec!["127.0.0.2".parse().expect("valid")],
            allow_hosts: vec!["*.example.com".to_owned()],
            ..ClientOptions::default()
        };
        let json = serde_json::to_string(&options).expect("writes");
        assert_eq!(serde_json::from_str::<ClientOptions>(&json).expect("reads"), options);
    }
}
