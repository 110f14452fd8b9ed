//! The options of what other systems see while a run goes on.

use clap::Args;
use std::fmt;
use std::str::FromStr;

/// What other systems see.
#[derive(Debug, Clone, Args)]
pub(crate) struct MetricsOptions {
    /// Serve /metrics for Prometheus here; a port alone is on 127.0.0.1.
    #[arg(long, value_name = "HOST:PORT", help_heading = "Other systems")]
    pub(crate) metrics_addr: Option<MetricsAddr>,
}

/// Where metrics are served. A port alone is one of this machine's own address, 0 a free one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MetricsAddr {
    pub(crate) host: String,
    pub(crate) port: u16,
}

impl FromStr for MetricsAddr {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write a host and a port as `0.0.0.0:9464`, or a port alone".to_owned();
        let (host, port) = text.rsplit_once(':').unwrap_or(("127.0.0.1", text));
        let port = port.parse().map_err(|_| wrong())?;
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        match bare.unwrap_or(host) {
            "" => Err(wrong()),
            // The colon could be one of the address itself.
            host if host.contains(':') && bare.is_none() => {
                Err(format!("write an IPv6 address in brackets: `[{host}]:{port}`"))
            }
            host => Ok(Self { host: host.to_owned(), port }),
        }
    }
}

impl fmt::Display for MetricsAddr {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(out, "[{}]:{}", self.host, self.port),
            false => write!(out, "{}:{}", self.host, self.port),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_host_and_a_port_or_a_port_of_this_machine() {
        let read = |text: &str| text.parse::<MetricsAddr>().map(|address| address.to_string());
        for (text, address) in [
            ("9464", "127.0.0.1:9464"),
            ("0", "127.0.0.1:0"),
            ("0.0.0.0:9464", "0.0.0.0:9464"),
            ("monitor.example:80", "monitor.example:80"),
            ("[::1]:9464", "[::1]:9464"),
        ] {
            assert_eq!(read(text), Ok(address.to_owned()));
        }
        for text in ["", ":9464", "localhost", "localhost:", "1.2.3.4:99999", "[]:1", "::1:9464"] {
            assert!(read(text).is_err(), "{text}");
        }
        assert_eq!(
            read("::1:9464"),
            Err("write an IPv6 address in brackets: `[::1]:9464`".to_owned())
        );
    }
}
