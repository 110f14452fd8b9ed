//! The demo site: a small shop that swarm itself serves, to try load tests on.
//!
//! | path | answer |
//! |---|---|
//! | `GET /` `GET /register` | a page |
//! | `POST /login` | with basic credentials: `{"token": "…"}`; otherwise 401 |
//! | `GET /profile` | with the token: the user's name; otherwise 401 |
//! | `GET /item/{id}` | `{"id": 42, "name": "…", "price_cents": …}` |
//! | `POST /checkout` | with the token and a list of items: a receipt that says "thank you" |
//! | `GET /slow?ms=500` | a page, after so many milliseconds (500) |
//! | `GET /flaky` | a page; every tenth answer is a 500 |
//! | `GET /counters` | how many requests were received, by path |

mod counters;
mod site;

pub use site::{DEMO_PASSWORD, DEMO_USERNAME};

use std::io;
use std::net::SocketAddr;
use std::thread;
use tokio::net::TcpListener;
use tokio::runtime::Builder;

/// A demo site that runs, on a thread of its own, until the program ends.
#[derive(Debug, Clone, Copy)]
pub struct Demo {
    address: SocketAddr,
}

impl Demo {
    /// Starts one on a free port of the loopback interface.
    ///
    /// # Errors
    ///
    /// What the operating system refuses: a port, a thread.
    pub fn start() -> io::Result<Self> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        thread::Builder::new().name("swarm-demo".to_owned()).spawn(move || {
            runtime.block_on(async {
                if let Ok(listener) = TcpListener::from_std(listener) {
                    // It serves until the program ends.
                    let _ = axum::serve(listener, site::site()).await;
                }
            });
        })?;
        Ok(Self { address })
    }

    /// Its base URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;

    /// Sends a request and returns the whole answer.
    fn ask(demo: Demo, line: &str, headers: &str, body: &str) -> String {
        let mut socket = TcpStream::connect(demo.address).expect("it listens");
        let length = body.len();
        let request = format!(
            "{line} HTTP/1.1\r\nhost: demo\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}"
        );
        socket.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        socket.read_to_string(&mut answer).expect("an answer");
        answer
    }

    #[test]
    fn each_path_answers_as_the_table_says_and_is_counted() {
        let demo = Demo::start().expect("a free port");
        // `demo:correct horse battery staple`
        let basic = "authorization: Basic ZGVtbzpjb3JyZWN0IGhvcnNlIGJhdHRlcnkgc3RhcGxl\r\n";
        let bearer = "authorization: Bearer demo-token\r\n";
        let list = format!("{bearer}content-type: application/json\r\n");
        for (line, headers, body, status, part) in [
            ("GET /", "", "", 200, "Welcome"),
            ("GET /register", "", "", 200, "Register"),
            ("POST /login", basic, "", 200, r#"{"token":"demo-token"}"#),
            ("POST /login", "", "", 401, "basic credentials"),
            ("POST /login", bearer, "", 401, "basic credentials"),
            ("GET /profile", bearer, "", 200, r#"{"name":"demo"}"#),
            ("GET /profile", "", "", 401, "token"),
            ("GET /item/42", "", "", 200, r#"{"id":42,"name":"Item 42","price_cents":142}"#),
            ("GET /item/x", "", "", 400, ""),
            ("POST /checkout", &list, "[1,2]", 200, "2 items bought, thank you"),
            ("POST /checkout", "content-type: application/json\r\n", "[1]", 401, "token"),
            ("GET /slow?ms=1", "", "", 200, "Slow"),
            ("GET /nowhere", "", "", 404, "no such page"),
        ] {
            let answer = ask(demo, line, headers, body);
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{line}: {answer}");
            assert!(answer.contains(part), "{line}: {answer}");
        }
        let failed = (0..20).filter(|_| ask(demo, "GET /flaky", "", "").contains(" 500 ")).count();
        assert_eq!(failed, 2, "every tenth");
        let counters = ask(demo, "GET /counters", "", "");
        for part in [r#""/login":3"#, r#""/item/{id}":2"#, r#""/flaky":20"#, r#""/slow":1"#] {
            assert!(counters.contains(part), "no {part} in {counters}");
        }
    }
}
