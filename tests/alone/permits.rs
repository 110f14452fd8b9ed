//! A service whose limit is known: so many permits, each of which serves one request at a time, on an absolute clock.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// A server with permits.
pub(crate) struct Permits {
    address: SocketAddr,
}

impl Permits {
    /// So many permits, each for so long: permits ÷ time requests a second, however late its threads are.
    pub(crate) fn start(permits: usize, time: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("bound");
        let free_at = Arc::new(Mutex::new(vec![Instant::now(); permits]));
        thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let free_at = Arc::clone(&free_at);
                thread::spawn(move || serve(&socket, &free_at, time));
            }
        });
        Self { address }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

fn serve(mut socket: &TcpStream, free_at: &Mutex<Vec<Instant>>, time: Duration) {
    let mut pending = Vec::new();
    let mut buffer = [0; 4_096];
    loop {
        while let Some(end) = pending.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            pending.drain(..end + 4);
            let done = {
                let mut free_at = free_at.lock().expect("not poisoned");
                let first = free_at.iter_mut().min().expect("at least one");
                *first = (*first).max(Instant::now()) + time;
                *first
            };
            thread::sleep(done.saturating_duration_since(Instant::now()));
            let _ = socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello");
        }
        match socket.read(&mut buffer) {
            Ok(0) | Err(_) => return,
            Ok(read) => pending.extend_from_slice(&buffer[..read]),
        }
    }
}
