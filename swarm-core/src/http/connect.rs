//! Connecting to a server: DNS, TCP, TLS, each timed.

use super::dns;
use super::error::{Cause, socket_text};
use super::target::Origin;
use super::tls;
use super::wire::Socket;
use crate::context::Context;
use crate::plan::{ClientOptions, HttpVersion};
use crate::stats::Phases;
use rustls::pki_types::ServerName;
use std::cell::Cell;
use std::io;
use std::net::{IpAddr, SocketAddr};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;

/// Who connects to where, and how.
pub(super) struct Connect<'a> {
    pub(super) origin: &'a Origin,
    pub(super) version: HttpVersion,
    /// The user: users take turns with several addresses.
    pub(super) context: &'a Context,
    /// Where the times are noted.
    pub(super) phases: &'a Cell<Phases>,
}

impl Connect<'_> {
    fn options(&self) -> &ClientOptions {
        &self.context.spec().client
    }

    /// Connects within the time limit.
    pub(super) async fn connect(&self) -> Result<Socket, Cause> {
        let limit = self.options().connect_timeout;
        let connected = timeout(limit, self.without_limit()).await;
        connected.unwrap_or(Err(Cause::TimedOut { what: "connecting", limit }))
    }

    async fn without_limit(&self) -> Result<Socket, Cause> {
        let begun = Instant::now();
        let (addresses, asked) = dns::addresses(self.origin, self.options()).await?;
        if asked {
            self.note(|phases| &mut phases.dns, begun);
        }
        let begun = Instant::now();
        let stream = self.tcp(&addresses).await?;
        self.note(|phases| &mut phases.connect, begun);
        if !self.origin.tls {
            return Ok(Socket::Plain(stream));
        }
        let begun = Instant::now();
        let socket = self.tls(stream).await?;
        self.note(|phases| &mut phases.tls, begun);
        Ok(socket)
    }

    /// Adds the time since `begun` to a phase.
    fn note(&self, phase: fn(&mut Phases) -> &mut Option<std::time::Duration>, begun: Instant) {
        let mut phases = self.phases.get();
        *phase(&mut phases).get_or_insert_default() += begun.elapsed();
        self.phases.set(phases);
    }

    /// Tries the addresses in turn; the error is the last one's.
    async fn tcp(&self, addresses: &[SocketAddr]) -> Result<TcpStream, Cause> {
        let first = self.context.number() as usize % addresses.len().max(1);
        let (later, earlier) = addresses.split_at(first);
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
        for address in earlier.iter().chain(later) {
            match self.tcp_to(*address).await {
                Ok(stream) => return Ok(stream),
                Err(error) => {
                    self.context.recorder(|recorder| recorder.not_connected(&error));
                    last = error;
                }
            }
        }
        Err(Cause::Connect(socket_text(&last)))
    }

    async fn tcp_to(&self, address: SocketAddr) -> io::Result<TcpStream> {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // A request is one write, which should not wait for the answer to an earlier one.
        socket.set_nodelay(true)?;
        if let Some(source) = self.source_for(address)? {
            socket.bind(SocketAddr::new(source, 0))?;
        }
        socket.connect(address).await
    }

    /// The user's own source address of the same family; none if any will do.
    fn source_for(&self, address: SocketAddr) -> io::Result<Option<IpAddr>> {
        let same = |source: &&IpAddr| source.is_ipv4() == address.is_ipv4();
        let fitting: Vec<&IpAddr> = self.options().source_ips.iter().filter(same).collect();
        match fitting.as_slice() {
            [] if self.options().source_ips.is_empty() => Ok(None),
            [] => Err(io::Error::other(format!("no --source-ip can reach {}", address.ip()))),
            some => Ok(Some(*some[self.context.number() as usize % some.len()])),
        }
    }

    async fn tls(&self, stream: TcpStream) -> Result<Socket, Cause> {
        let failed = |why: &dyn std::fmt::Display| Cause::Connect(format!("TLS: {why}"));
        let config = tls::config(self.options(), self.version).map_err(|why| failed(&why))?;
        let name = ServerName::try_from(self.origin.host.clone()).map_err(|why| failed(&why))?;
        let stream = TlsConnector::from(config).connect(name, stream).await;
        let stream = stream.map_err(|error| Cause::Connect(socket_text(&error)))?;
        Ok(Socket::Encrypted(Box::new(stream)))
    }
}
