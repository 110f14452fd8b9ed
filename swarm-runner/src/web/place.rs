//! Where the page is served, and what that address is called.

use crate::error::UsageError;
use crate::web_options::WebOptions;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, UdpSocket};

/// An address outside, for the documentation of each protocol: nothing is sent there.
const OUTSIDE: [(&str, &str); 2] = [("[::]:0", "[2001:db8::1]:9"), ("0.0.0.0:0", "192.0.2.1:9")];

/// A listener at the place that the options say.
pub(super) fn listen(options: &WebOptions) -> Result<(TcpListener, SocketAddr), UsageError> {
    let WebOptions { web_host, web_port, .. } = options;
    let cant = |error: io::Error| {
        UsageError::new(format!("can't serve the web page on {web_host}:{web_port}: {error}"))
            .help("choose another port by --web-port (0: a free one), or run with --headless")
    };
    let host = web_host.trim_start_matches('[').trim_end_matches(']');
    let listener = TcpListener::bind((host, *web_port)).map_err(cant)?;
    listener.set_nonblocking(true).map_err(cant)?;
    let address = listener.local_addr().map_err(cant)?;
    Ok((listener, address))
}

/// Whether others than this machine reach it.
pub(super) fn is_exposed(address: SocketAddr) -> bool {
    !address.ip().to_canonical().is_loopback()
}

/// Its address for people; where all addresses of the machine are meant, the one that others reach it by.
pub(super) fn url(address: SocketAddr, options: &WebOptions) -> String {
    let scheme = if options.access.tls_cert.is_some() { "https" } else { "http" };
    let (port, base) = (address.port(), &options.web_base_path);
    let ip = if address.ip().is_unspecified() { reached_by(address) } else { address.ip() };
    match ip == Ipv4Addr::LOCALHOST {
        true => format!("{scheme}://localhost:{port}{base}"),
        false => format!("{scheme}://{}{base}", SocketAddr::new(ip, port)),
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
