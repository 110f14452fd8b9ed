//! A server that counts what it receives.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Condvar, Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

/// Reads all it gets, counts every whole request, answers each after a while: `/` and `/hostile` with 200, all else with 404.
pub(crate) struct Server {
    address: SocketAddr,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    first: OnceLock<Instant>,
    received: AtomicU64,
    open: Mutex<u64>,
    changed: Condvar,
}

impl Server {
    /// Starts one that takes this long for an answer.
    pub(crate) fn start(delay: Duration) -> Self {
        Self::freezing(delay, Duration::ZERO..Duration::ZERO)
    }

    /// Starts one that takes this long for an answer, and answers nothing in a part of the time since the first request.
    pub(crate) fn freezing(delay: Duration, frozen: Range<Duration>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("bound");
        let counts = Arc::new(Counts::default());
        let shared = Arc::clone(&counts);
        thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                *shared.open.lock().expect("not poisoned") += 1;
                let shared = Arc::clone(&shared);
                let frozen = frozen.clone();
                thread::spawn(move || {
                    serve(&socket, delay, &frozen, &shared);
                    *shared.open.lock().expect("not poisoned") -= 1;
                    shared.changed.notify_all();
                });
            }
        });
        Self { address, counts }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Waits until this many requests were received.
    pub(crate) fn wait_for(&self, requests: u64) {
        let open = self.counts.open.lock().expect("not poisoned");
        let enough = |_: &mut u64| self.counts.received.load(SeqCst) < requests;
        let limit = Duration::from_secs(60);
        let (_open, waited) =
            self.counts.changed.wait_timeout_while(open, limit, enough).expect("not poisoned");
        assert!(!waited.timed_out(), "only {} requests came", self.counts.received.load(SeqCst));
    }

    /// How many requests were received, once every client is gone and all that it sent is read.
    pub(crate) fn received(&self) -> u64 {
        // Connections are accepted in order, so after this one all earlier ones are known.
        let last = TcpStream::connect(self.address).expect("listens");
        last.shutdown(Shutdown::Write).expect("connected");
        (&last).read_to_end(&mut Vec::new()).expect("closed by the server");
        let open = self.counts.open.lock().expect("not poisoned");
        let limit = Duration::from_secs(60);
        let busy = |open: &mut u64| *open > 0;
        let (_open, waited) =
            self.counts.changed.wait_timeout_while(open, limit, busy).expect("not poisoned");
        assert!(!waited.timed_out(), "a connection stays open");
        self.counts.received.load(SeqCst)
    }
}

fn serve(mut socket: &TcpStream, delay: Duration, frozen: &Range<Duration>, counts: &Counts) {
    let mut pending = Vec::new();
    let mut buffer = [0; 4_096];
    loop {
        while let Some(end) = pending.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            let found = [&b"GET / "[..], b"GET /hostile "].iter().any(|it| pending.starts_with(it));
            pending.drain(..end + 4);
            counts.received.fetch_add(1, SeqCst);
            counts.changed.notify_all();
            thread::sleep(delay);
            let now = counts.first.get_or_init(Instant::now).elapsed();
            if frozen.contains(&now) {
                thread::sleep(frozen.end - now);
            }
            let status = if found { "200 OK" } else { "404 Not Found" };
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 5\r\n\r\nhello");
            // A client that is gone is no reason to stop reading what it sent.
            let _ = socket.write_all(answer.as_bytes());
        }
        match socket.read(&mut buffer) {
            Ok(0) | Err(_) => return,
            Ok(read) => pending.extend_from_slice(&buffer[..read]),
        }
    }
}

/// Sends a request, and reads its answer to the end of the connection. Returns its status and its body.
pub(crate) fn exchange(mut socket: TcpStream, request: &str) -> (u16, String) {
    socket.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("answered");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let status = head.split(' ').nth(1).expect("a status").parse().expect("a number");
    (status, body.to_owned())
}
