//! The demo site: a small shop that swarm itself serves, to try load tests on.
//!
//! | path | answer |
//! |---|---|
//! | `GET /` `GET /register` | a page |
//! | `POST /login` | with basic credentials: `{"token": "…"}`; otherwise 401 |
//! | `POST /session` | with `{"username": "…", "password": "…"}`: the token as text; otherwise 401 |
//! | `DELETE /session` | with the token: 204; otherwise 401 |
//! | `GET /signin` | a form to log in by, with a token and a cookie against forged requests |
//! | `POST /signin` | with what the form sends: a session (a cookie) and a redirect to `next`; otherwise the form again |
//! | `GET /oauth/authorize` | who has a session is led back with a code, others to `/signin` |
//! | `POST /oauth/token` | OAuth2's token endpoint: `client_credentials`, `password`, `authorization_code`, `refresh_token`; otherwise 400 |
//! | `GET /.well-known/openid-configuration` | where these two are |
//! | `GET /profile` | with the token, name and password, or a session: the user's name; otherwise 401 |
//! | `GET /item/{id}` | `{"id": 42, "name": "…", "price_cents": …}` |
//! | `POST /checkout` | with the token and a list of items: a receipt that says "thank you" |
//! | `POST /upload` | what was received, up to 2 MB: `{"content_type": "multipart/form-data", "bytes": …}` |
//! | `GET /lines?count=10&ms=100` | so many lines of text (10), each after so many milliseconds (100) |
//! | `GET /prices?count=10&ms=100` | the same with server-sent events: `event: price`, `data: 10.37`, `id: 1` |
//! | `GET /slow?ms=500` | a page, after so many milliseconds (500) |
//! | `GET /flaky` | a page; every tenth answer is a 500 |
//! | `GET /counters` | how many requests were received, by path |

mod counters;
mod streams;
mod identity;
mod site;

pub use identity::{DEMO_PASSWORD, DEMO_USERNAME};

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
        let json = "content-type: application/json\r\n";
        let credentials = format!(r#"{{"username":"demo","password":"{DEMO_PASSWORD}"}}"#);
        let (list, credentials) = (format!("{bearer}{json}"), credentials.as_str());
        let urlencoded = "content-type: application/x-www-form-urlencoded\r\n";
        let session = "cookie: session=demo-session\r\n";
        let signing_in = format!("{urlencoded}cookie: csrf=demo-csrf\r\n");
        let typed =
            format!("csrf=demo-csrf&username=demo&password={}", DEMO_PASSWORD.replace(' ', "+"));
        let wrong = "csrf=demo-csrf&username=demo&password=x";
        // `demo-client:demo-secret`
        let client =
            format!("{urlencoded}authorization: Basic ZGVtby1jbGllbnQ6ZGVtby1zZWNyZXQ=\r\n");
        let form = "content-type: multipart/form-data; boundary=x\r\n";
        let received = r#"{"bytes":5,"content_type":"multipart/form-data"}"#;
        for (line, headers, body, status, part) in [
            ("GET /", "", "", 200, "Welcome"),
            ("GET /register", "", "", 200, "Register"),
            ("POST /login", basic, "", 200, r#"{"token":"demo-token"}"#),
            ("POST /login", "", "", 401, "basic credentials"),
            ("POST /login", bearer, "", 401, "basic credentials"),
            ("POST /session", json, credentials, 200, "\r\ndemo-token"),
            ("POST /session", json, r#"{"username":"demo","password":"x"}"#, 401, "no such name"),
            ("POST /session", json, r#"{"username":"demo"}"#, 422, "password"),
            ("DELETE /session", bearer, "", 204, ""),
            ("DELETE /session", "", "", 401, "token"),
            ("GET /profile", bearer, "", 200, r#"{"name":"demo"}"#),
            ("GET /profile", "", "", 401, "token"),
            ("GET /profile", basic, "", 200, r#"{"name":"demo"}"#),
            ("GET /profile", "cookie: a=b; session=demo-session\r\n", "", 200, "demo"),
            ("GET /signin?next=/%22x", "", "", 200, r#"name="next" value="/&quot;x""#),
            ("POST /signin", &signing_in, &typed, 303, "location: /profile\r\n"),
            ("POST /signin", &signing_in, wrong, 200, "<form"),
            ("POST /signin", urlencoded, &typed, 403, "token and cookie"),
            (
                "GET /oauth/authorize?redirect_uri=x%3Ay&state=1",
                session,
                "",
                302,
                "location: x:y?code=demo-code&state=1\r\n",
            ),
            (
                "GET /oauth/authorize?redirect_uri=x&state=1",
                "",
                "",
                302,
                "location: /signin?next=/oauth/authorize?redirect_uri=x%26state=1\r\n",
            ),
            ("POST /oauth/token", &client, "grant_type=client_credentials", 200, "demo-token"),
            (
                "POST /oauth/token",
                urlencoded,
                "grant_type=client_credentials",
                400,
                "invalid_grant",
            ),
            (
                "POST /oauth/token",
                urlencoded,
                "grant_type=authorization_code&code=demo-code",
                200,
                "refresh_token",
            ),
            (
                "POST /oauth/token",
                urlencoded,
                "grant_type=refresh_token&refresh_token=x",
                400,
                "invalid_grant",
            ),
            ("GET /.well-known/openid-configuration", "", "", 200, "http://demo/oauth/token"),
            ("GET /item/42", "", "", 200, r#"{"id":42,"name":"Item 42","price_cents":142}"#),
            ("GET /item/x", "", "", 400, ""),
            ("POST /checkout", &list, "[1,2]", 200, "2 items bought, thank you"),
            ("POST /checkout", json, "[1]", 401, "token"),
            ("POST /upload", form, "bytes", 200, received),
            ("POST /upload", "", "", 200, r#"{"bytes":0,"content_type":""}"#),
            ("GET /lines?count=2&ms=1", "", "", 200, "line 2\n\r\n0\r\n"),
            ("GET /prices?count=1&ms=1", "", "", 200, "event: price\nid: 1\ndata: 10.37\n\n"),
            ("GET /lines?ms=x", "", "", 400, ""),
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
        for part in [
            r#""/login":3"#,
            r#""/item/{id}":2"#,
            r#""/flaky":20"#,
            r#""/slow":1"#,
            r#""/lines":2"#,
            r#""other":1"#,
        ] {
            assert!(counters.contains(part), "no {part} in {counters}");
        }
    }
}
