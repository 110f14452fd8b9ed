//! Where something is served, and what that address is called.

use crate::error::UsageError;
use crate::web_options::WebOptions;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, UdpSocket};

/// An address outside, for the documentation of each protocol: nothing is sent there.
const OUTSIDE: [(&str, &str); 2] = [("[::]:0", "[2001:db8::1]:9"), ("0.0.0.0:0", "192.0.2.1:9")];

/// A listener at the place that the options say.
pub(super) fn listen(options: &WebOptions) -> Result<(TcpListener, SocketAddr), UsageError> {
    let WebOptions { web_host, web_port, .. } = options;
    let host = web_host.trim_start_matches('[').trim_end_matches(']');
    bind(host, *web_port).map_err(|error| {
        UsageError::new(format!("can't serve the web page on {web_host}:{web_port}: {error}"))
            .help("choose another port by --web-port (0: a free one), or run with --headless")
    })
}

/// A listener on a port of a host.
pub(super) fn bind(host: &str, port: u16) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((host, port))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Whether others than this machine reach it.
pub(super) fn is_exposed(address: SocketAddr) -> bool {
    !address.ip().to_canonical().is_loopback()
}

/// The address of the page for people.
pub(super) fn url(address: SocketAddr, options: &WebOptions) -> String {
    let scheme = if options.access.tls_cert.is_some() { "https" } else { "http" };
    format!("{scheme}://{}{}", authority(address), options.web_base_path)
}

/// An address for people; where all addresses of the machine are meant, the one that others reach it by.
pub(super) fn authority(address: SocketAddr) -> String {
    let port = address.port();
    let ip = if address.ip().is_unspecified() { reached_by(address) } else { address.ip() };
    match ip == Ipv4Addr::LOCALHOST {
        true => format!("localhost:{port}"),
        false => SocketAddr::new(ip, port).to_string(),
    }
}

/// The address that packets to others come from.
fn reached_by(address: SocketAddr) -> IpAddr {
    let outward = |(own, outside): (&str, &str)| {
        let socket = UdpSocket::bind(own).ok()?;
        socket.connect(outside).ok()?;
        Some(socket.local_addr().ok()?.ip())
    };
    // What listens for IPv6 takes IPv4 too.
    let protocols = OUTSIDE.into_iter().skip(usize::from(address.is_ipv4()));
    protocols.into_iter().find_map(outward).unwrap_or(Ipv4Addr::LOCALHOST.into())
}
