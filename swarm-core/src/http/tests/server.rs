//! A server that does what a test says, and keeps what it received.

use std::io::Read as _;
use std::net::{Shutdown, SocketAddr};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;

/// A request as it came.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    /// The number of its connection, from 0.
    pub(super) connection: usize,
    /// How many requests this server had received before.
    pub(super) before: usize,
    /// `GET /path HTTP/1.1`.
    pub(super) line: String,
    headers: Vec<(String, String)>,
    pub(super) body: String,
}

/// What the server does with a request.
#[derive(Debug, Clone)]
pub(super) enum Act {
    /// Answers with these bytes, and goes on.
    Send(Vec<u8>),
    /// Answers with these bytes, and closes the connection.
    Close(Vec<u8>),
    /// Resets the connection after these bytes.
    Reset(Vec<u8>),
    /// Sends the first, then the second again and again, for as long as somebody reads.
    Endless(Vec<u8>, Vec<u8>),
    /// Sends these bytes and then nothing, but keeps the connection.
    Silence(Vec<u8>),
}

/// An answer with status 200 and this body.
pub(super) fn ok(body: &str) -> Act {
    answer("200 OK", "", body)
}

/// An answer with a status, more header lines (each with its end), and a body.
pub(super) fn answer(status: &str, headers: &str, body: &str) -> Act {
    let length = body.len();
    Act::Send(
        format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n{headers}\r\n{body}").into(),
    )
}

/// A redirect.
pub(super) fn redirect(status: u16, to: &str) -> Act {
    answer(&format!("{status} Moved"), &format!("location: {to}\r\n"), "moved")
}

impl Seen {
    /// The values of a header, in order.
    pub(super) fn header(&self, name: &str) -> Vec<&str> {
        let these = self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        these.map(|(_, value)| value.as_str()).collect()
    }

    /// The path with its query.
    pub(super) fn path(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }

    fn parse(head: &str) -> Self {
        let mut lines = head.split("\r\n");
        let line = lines.next().unwrap_or_default().to_owned();
        let pair = |line: &str| {
            let (name, value) = line.split_once(": ")?;
            Some((name.to_owned(), value.to_owned()))
        };
        Self { line, headers: lines.filter_map(pair).collect(), ..Self::default() }
    }
}

/// A server on a thread of its own.
pub(super) struct Server {
    address: SocketAddr,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    log: Mutex<Log>,
    changed: Condvar,
}

#[derive(Default)]
struct Log {
    seen: Vec<Seen>,
    connections: usize,
    open: usize,
    peers: Vec<String>,
}

impl Server {
    /// Starts one that decides for each request what to do.
    pub(super) fn start(decide: impl Fn(&Seen) -> Act + Send + Sync + 'static) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("possible");
        let address = listener.local_addr().expect("bound");
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).expect("a runtime");
                let decide = Arc::new(decide);
                while let Ok((socket, peer)) = listener.accept().await {
                    let (state, decide) = (Arc::clone(&shared), Arc::clone(&decide));
                    let number = state.opened(peer);
                    tokio::spawn(async move {
                        // A client that is gone is no error here.
                        let _ = serve(socket, number, &state, &*decide).await;
                        state.closed();
                    });
                }
            });
        });
        Self { address, state }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it received, once every client is gone and all that it sent is read.
    pub(super) fn seen(&self) -> Vec<Seen> {
        // Connections are accepted in order, so when this one is closed all earlier ones are known.
        let last = std::net::TcpStream::connect(self.address).expect("listens");
        last.shutdown(Shutdown::Write).expect("connected");
        (&last).read_to_end(&mut Vec::new()).expect("closed by the server");
        let log = self.state.log.lock().expect("not poisoned");
        let limit = Duration::from_secs(20);
        let waited = self.state.changed.wait_timeout_while(log, limit, |log| log.open > 0);
        let (log, waited) = waited.expect("not poisoned");
        assert!(!waited.timed_out(), "a connection stays open");
        log.seen.clone()
    }

    /// How many connections were made so far.
    pub(super) fn connections(&self) -> usize {
        self.state.log.lock().expect("not poisoned").connections
    }

    /// The addresses that connections came from, in order.
    pub(super) fn peers(&self) -> Vec<String> {
        self.state.log.lock().expect("not poisoned").peers.clone()
    }

    /// Waits until so many requests were received.
    pub(super) async fn received(&self, requests: usize) {
        while self.state.log.lock().expect("not poisoned").seen.len() < requests {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

impl State {
    fn opened(&self, peer: SocketAddr) -> usize {
        let mut log = self.log.lock().expect("not poisoned");
        log.peers.push(peer.ip().to_string());
        (log.connections, log.open) = (log.connections + 1, log.open + 1);
        log.connections - 1
    }

    fn closed(&self) {
        self.log.lock().expect("not poisoned").open -= 1;
        self.changed.notify_all();
    }

    fn note(&self, mut seen: Seen) -> Seen {
        let mut log = self.log.lock().expect("not poisoned");
        seen.before = log.seen.len();
        log.seen.push(seen.clone());
        seen
    }
}

async fn serve(
    mut socket: TcpStream,
    number: usize,
    state: &State,
    decide: &(dyn Fn(&Seen) -> Act + Send + Sync),
) -> std::io::Result<()> {
    let mut pending = Vec::new();
    while let Some(mut seen) = read_request(&mut socket, &mut pending).await? {
        seen.connection = number;
        match decide(&state.note(seen)) {
            Act::Send(bytes) => socket.write_all(&bytes).await?,
            Act::Close(bytes) => return socket.write_all(&bytes).await,
            Act::Reset(bytes) => {
                socket.write_all(&bytes).await?;
                return socket.set_zero_linger();
            }
            Act::Endless(first, again) => {
                socket.write_all(&first).await?;
                loop {
                    socket.write_all(&again).await?;
                }
            }
            Act::Silence(bytes) => {
                socket.write_all(&bytes).await?;
                // Until the client is gone.
                while socket.read(&mut [0; 1_024]).await? > 0 {}
            }
        }
    }
    Ok(())
}

/// The next whole request; none if the client is gone.
async fn read_request(
    socket: &mut TcpStream,
    pending: &mut Vec<u8>,
) -> std::io::Result<Option<Seen>> {
    let head_end = loop {
        if let Some(at) = pending.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            break at;
        }
        if socket.read_buf(pending).await? == 0 {
            return Ok(None);
        }
    };
    let mut seen = Seen::parse(&String::from_utf8_lossy(&pending[..head_end]));
    pending.drain(..head_end + 4);
    if seen.header("transfer-encoding") == ["chunked"] {
        return Ok(read_chunks(socket, pending).await?.map(|body| Seen { body, ..seen }));
    }
    let length = seen.header("content-length").first().and_then(|text| text.parse().ok());
    let length: usize = length.unwrap_or(0);
    while pending.len() < length {
        if socket.read_buf(pending).await? == 0 {
            return Ok(None);
        }
    }
    let body: Vec<u8> = pending.drain(..length).collect();
    seen.body = String::from_utf8_lossy(&body).into_owned();
    Ok(Some(seen))
}

/// A body in chunks; none if the client is gone.
async fn read_chunks(
    socket: &mut TcpStream,
    pending: &mut Vec<u8>,
) -> std::io::Result<Option<String>> {
    let mut body = String::new();
    loop {
        let text = String::from_utf8_lossy(pending).into_owned();
        let whole = text.split_once("\r\n").and_then(|(size, rest)| {
            let size = usize::from_str_radix(size, 16).expect("a size");
            Some((size, rest.get(..size + 2)?.to_owned(), text.len() - rest.len()))
        });
        let Some((size, chunk, head)) = whole else {
            if socket.read_buf(pending).await? == 0 {
                return Ok(None);
            }
            continue;
        };
        pending.drain(..head + chunk.len());
        if size == 0 {
            return Ok(Some(body));
        }
        body.push_str(&chunk[..size]);
    }
}
