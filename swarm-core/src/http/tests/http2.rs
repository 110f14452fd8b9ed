//! HTTP/2: agreed on by ALPN, forced, and by prior knowledge.

use super::tls::listen;
use super::{causes, counts, for_both_clients, hello, names, play_as};
use crate::http::HttpClient;
use crate::plan::{HttpVersion, RunSpec};
use bytes::Bytes;
use h2::Reason;
use h2::server::{Connection, SendResponse};
use http::{Request, Response};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::join;
use tokio::net::TcpListener;

for_both_clients![
    it_is_agreed_on_forced_or_known_before,
    http1_is_spoken_where_it_is_asked_for_or_nothing_else_is_offered,
    a_request_that_is_dropped_leaves_the_others_alone,
];

type Seen = Arc<Mutex<Vec<(usize, Request<()>)>>>;

/// A server that speaks HTTP/2, with what it received and on which connection.
struct Server {
    url: String,
    seen: Seen,
}

/// Starts one: encrypted, or in plain.
fn server(encrypted: bool) -> Server {
    let (listener, acceptor, _) = listen(&[b"h2"]);
    let scheme = if encrypted { "https" } else { "http" };
    let url = format!("{scheme}://{}", listener.local_addr().expect("bound"));
    let seen = Seen::default();
    let shared = Arc::clone(&seen);
    std::thread::spawn(move || {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let listener = TcpListener::from_std(listener).expect("a runtime");
            for number in 0.. {
                let Ok((socket, _)) = listener.accept().await else { return };
                let (seen, acceptor) = (Arc::clone(&shared), acceptor.clone());
                tokio::spawn(async move {
                    if !encrypted {
                        serve(socket, number, seen).await;
                    } else if let Ok(socket) = acceptor.accept(socket).await {
                        serve(socket, number, seen).await;
                    }
                });
            }
        });
    });
    Server { url, seen }
}

async fn serve(socket: impl AsyncRead + AsyncWrite + Unpin, number: usize, seen: Seen) {
    let Ok(mut connection) = h2::server::handshake(socket).await else { return };
    while let Some(Ok((request, respond))) = connection.accept().await {
        let path = request.uri().path().to_owned();
        seen.lock().expect("not poisoned").push((number, request.map(drop)));
        act(&path, respond, &mut connection);
    }
    // A socket that is closed with unread bytes resets the connection, and the last words are lost.
    std::future::pending::<()>().await;
}

fn act<S: AsyncRead + AsyncWrite + Unpin>(
    path: &str,
    mut respond: SendResponse<Bytes>,
    connection: &mut Connection<S, Bytes>,
) {
    match path {
        "/refuse" => respond.send_reset(Reason::REFUSED_STREAM),
        "/calm" => connection.abrupt_shutdown(Reason::ENHANCE_YOUR_CALM),
        "/bye" => connection.graceful_shutdown(),
        "/half" => {
            let head = Response::builder().header("content-length", 100).body(()).expect("valid");
            let mut body = respond.send_response(head, false).expect("open");
            body.send_data(Bytes::from("half"), false).expect("open");
            body.send_reset(Reason::INTERNAL_ERROR);
        }
        "/silence" => std::mem::forget(respond),
        _ => {
            let mut body = respond.send_response(Response::new(()), false).expect("open");
            body.send_data(Bytes::from("hello"), true).expect("open");
        }
    }
}

impl Server {
    /// Connections, and paths in order.
    fn seen(&self) -> (usize, Vec<String>) {
        let seen = self.seen.lock().expect("not poisoned");
        let connections = seen.iter().map(|(number, _)| number + 1).max().unwrap_or(0);
        (connections, seen.iter().map(|(_, request)| request.uri().path().to_owned()).collect())
    }
}

fn speaking<'a>(url: &'a str, version: HttpVersion) -> impl FnOnce(&mut RunSpec) + 'a {
    move |spec| {
        spec.host = Some(url.to_owned());
        spec.client.http = version;
        spec.client.insecure = true;
    }
}

fn it_is_agreed_on_forced_or_known_before() {
    for (encrypted, version) in
        [(true, HttpVersion::Auto), (true, HttpVersion::Http2), (false, HttpVersion::Http2)]
    {
        let server = server(encrypted);
        let delta = play_as(speaking(&server.url, version), async |client| {
            for _ in 0..3 {
                let answer = client.post("/x?y=1").header("x-a", "1").body("body").await;
                assert_eq!(answer.expect("an answer").text(), Ok("hello"), "{version:?}");
            }
        });
        assert_eq!(server.seen(), (1, vec!["/x".to_owned(); 3]));
        let seen = server.seen.lock().expect("not poisoned");
        let (_, request) = &seen[0];
        assert_eq!(request.uri().to_string(), format!("{}/x?y=1", server.url));
        assert_eq!(request.headers()["x-a"], "1");
        assert!(!request.headers().contains_key("host"), "it stands in `:authority`");
        assert_eq!((delta.wire.answered, counts(&delta, "/x?y=1").ok.count()), (3, 3));
    }
}

#[test]
fn requests_side_by_side_share_one_connection_from_the_start() {
    let server = server(true);
    let delta = play_as(speaking(&server.url, HttpVersion::Auto), async |client| {
        let get = || client.get("/");
        let answers = join!(get(), get(), get(), get(), get());
        assert!(answers.0.is_ok() && answers.4.is_ok());
    });
    assert_eq!((server.seen().0, counts(&delta, "/").phases.reused), (1, 4));
}

fn http1_is_spoken_where_it_is_asked_for_or_nothing_else_is_offered() {
    let plain = hello();
    play_as(speaking(&plain.url(), HttpVersion::Auto), async |client| {
        client.get("/").await.expect("an answer");
    });
    let only_http2 = server(true);
    let delta = play_as(speaking(&only_http2.url, HttpVersion::Http1), async |client| {
        client.get("/").await.expect_err("nothing in common");
    });
    let [cause] = causes(&delta)[..] else { panic!("one failure") };
    assert!(cause.starts_with("TLS: ") && cause.contains("NoApplicationProtocol"), "{cause}");
    let version = |client: &HttpClient| {
        HttpClient::builder().http(HttpVersion::Http2).build(client.context()).expect("valid")
    };
    let delta = play_as(speaking(&only_http2.url, HttpVersion::Http1), async |client| {
        version(client).get("/").await.expect("a client's own version wins");
    });
    assert_eq!(delta.wire.answered, 1);
}

#[test]
fn each_broken_answer_has_its_cause_and_the_next_request_works() {
    for (path, cause) in [
        (
            "/refuse",
            "HTTP/2: the server reset the request (refused stream before processing any application logic)",
        ),
        (
            "/calm",
            "HTTP/2: the server closes the connection (detected excessive load generating behavior)",
        ),
        ("/half", "HTTP/2: the server reset the request (unexpected internal error encountered)"),
    ] {
        let server = server(true);
        let delta = play_as(speaking(&server.url, HttpVersion::Auto), async |client| {
            client.post(path).await.expect_err(cause);
            assert_eq!(client.get("/next").await.expect(path).text(), Ok("hello"));
        });
        assert_eq!(causes(&delta), [cause]);
        assert_eq!(names(&delta), [path, "/next"]);
    }
}

#[test]
fn a_connection_that_the_server_retires_is_replaced() {
    let server = server(true);
    let delta = play_as(speaking(&server.url, HttpVersion::Auto), async |client| {
        client.get("/first").await.expect("an answer");
        // No answer comes to this one: the server says goodbye.
        let _ = client.post("/bye").timeout(Duration::from_millis(200)).await;
        for _ in 0..3 {
            client.get("/next").await.expect("on a new connection");
        }
    });
    assert_eq!(server.seen().0, 2);
    assert_eq!(counts(&delta, "/next").ok.count(), 3);
}

fn a_request_that_is_dropped_leaves_the_others_alone() {
    let server = server(true);
    let delta = play_as(speaking(&server.url, HttpVersion::Auto), async |client| {
        client.get("/first").await.expect("an answer");
        let patience = Duration::from_millis(50);
        let silent = tokio::time::timeout(patience, client.get("/silence").send());
        let (silent, other) = join!(silent, client.get("/other"));
        assert!(silent.is_err() && other.is_ok());
        client.get("/next").await.expect("the connection is good");
    });
    assert_eq!(server.seen().0, 1);
    assert_eq!(counts(&delta, "/silence").interrupted.count(), 1);
    assert_eq!((delta.wire.answered, delta.wire.sent_unanswered), (3, 1));
}
