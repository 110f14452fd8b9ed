//! Broken servers: each gives one clear failure, and never a hang, a panic or unbounded memory.

use super::server::{Act, Server, ok};
use super::{causes, counts, for_both_clients, play};
use std::net::TcpListener;
use std::time::Duration;

for_both_clients![
    each_broken_answer_has_its_cause,
    unusual_answers_are_answers,
    an_answer_that_drips_is_cut_off_by_the_time_limit,
    what_does_not_listen_or_does_not_exist_is_named,
    the_answer_to_an_upload_may_come_early,
];

/// Sends one request to a server that does this; returns the causes of failure, with the status of the account: (answered, sent and unanswered).
fn failures(act: &Act) -> (Vec<String>, (u64, u64)) {
    let act = act.clone();
    let server = Server::start(move |_| act.clone());
    let delta = play(&server.url(), async |client| {
        let result = client.get("/").timeout(Duration::from_secs(10)).await;
        // A connection that broke is not used again.
        if result.is_err() {
            let before = server.connections();
            let _ = client.get("/next").timeout(Duration::from_secs(10)).await;
            assert_eq!(server.connections(), before + 1);
        }
    });
    let counts = counts(&delta, "/");
    assert_eq!(counts.ok.count() + counts.failed.count(), 1, "one sample");
    let causes = delta.failures.keys().filter(|[_, name, _]| &**name == "/");
    let causes = causes.map(|[.., cause]| cause.to_string()).collect();
    let attempts = if counts.ok.is_empty() { 2 } else { 1 };
    let wire = delta.wire;
    assert_eq!(wire.answered + wire.sent_unanswered, attempts, "{wire:?}");
    (causes, (wire.answered.min(1), wire.sent_unanswered.min(1)))
}

fn each_broken_answer_has_its_cause() {
    let close = |text: &str| Act::Close(text.into());
    let incomplete = "connection closed before the answer was complete";
    for (act, cause, account) in [
        (close(""), incomplete, (0, 1)),
        (close("HTTP/1.1 200 OK\r\nx-half: "), incomplete, (0, 1)),
        (close("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"), incomplete, (1, 0)),
        (
            close("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhel"),
            incomplete,
            (1, 0),
        ),
        (Act::Reset(Vec::new()), "connection reset", (0, 1)),
        (
            close("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\nhello\r\n"),
            "the answer is not valid HTTP: Invalid chunk size line: missing size digit",
            (1, 0),
        ),
        (
            close("hello\r\n\r\n"),
            "the answer is not valid HTTP: invalid HTTP version parsed",
            (0, 1),
        ),
        (
            close("HTTP/1.1 999999 Huh\r\n\r\n"),
            "the answer is not valid HTTP: invalid HTTP status-code parsed",
            (0, 1),
        ),
        (
            close("HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\nhello"),
            "the answer is not valid HTTP: invalid content-length parsed",
            (0, 1),
        ),
        (
            Act::Endless(b"HTTP/1.1 200 OK\r\n".to_vec(), b"x-more: and more\r\n".to_vec()),
            "the answer is not valid HTTP: message head is too large",
            (0, 1),
        ),
        (
            Act::Endless(
                b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec(),
                [b"80000\r\n".to_vec(), vec![b'x'; 0x80000], b"\r\n".to_vec()].concat(),
            ),
            "the answer's body is larger than 64 MiB",
            (1, 0),
        ),
        (
            close("HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\nhello"),
            "the answer's body is larger than 64 MiB",
            (1, 0),
        ),
    ] {
        assert_eq!(failures(&act), (vec![cause.to_owned()], account), "{act:.80?}");
    }
}

fn unusual_answers_are_answers() {
    for (method, bytes, body) in [
        ("HEAD", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n", ""),
        ("GET", "HTTP/1.1 204 No Content\r\n\r\n", ""),
        ("GET", "HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n", ""),
        (
            "GET",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi",
            "hi",
        ),
        (
            "GET",
            "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi",
            "hi",
        ),
        (
            "GET",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nx-sum: 1\r\n\r\n",
            "hi",
        ),
        ("GET", "HTTP/1.1 200\r\ncontent-length: 2\r\n\r\nhi", "hi"),
        ("GET", "HTTP/1.1 200 OK\ncontent-length: 2\n\nhi", "hi"),
    ] {
        let server = Server::start(move |_| Act::Send(bytes.into()));
        let delta = play(&server.url(), async |client| {
            for _ in 0..2 {
                let method = method.parse().expect("a method");
                let answer = client.request(method, "/").await.expect(bytes);
                assert_eq!(answer.text(), Ok(body), "{bytes}");
            }
        });
        assert_eq!(server.connections(), 1, "the connection is good: {bytes}");
        assert_eq!(counts(&delta, "/").ok.count(), 2);
    }
}

fn an_answer_that_drips_is_cut_off_by_the_time_limit() {
    let server = Server::start(|_| Act::Silence(b"HTTP/1.1 200 OK\r\nx-slow: ".to_vec()));
    let delta = play(&server.url(), async |client| {
        let request = client.get("/").timeout(Duration::from_millis(100));
        assert!(request.await.expect_err("no end").is_timeout());
    });
    assert_eq!(delta.wire.sent_unanswered, 1, "a part of a head is no answer");
}

fn what_does_not_listen_or_does_not_exist_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let refused = format!("http://{}", listener.local_addr().expect("bound"));
    drop(listener);
    let unknown = "http://no-such-host.invalid".to_owned();
    for (host, cause) in
        [(refused, "connection refused"), (unknown, "can't resolve `no-such-host.invalid`")]
    {
        let delta = play(&host, async |client| {
            client.get("/").await.expect_err(cause);
        });
        assert_eq!(causes(&delta), [cause]);
        assert_eq!(delta.wire.not_sent, 1);
    }
}

fn the_answer_to_an_upload_may_come_early() {
    // The server answers without reading the body, and closes.
    let server = Server::start(|_| ok("unused"));
    drop(server);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let host = format!("http://{}", listener.local_addr().expect("bound"));
    let answering = std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        let (mut socket, _) = listener.accept().expect("connected");
        socket.read_exact(&mut [0; 64]).expect("the head");
        let answer = "HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        socket.write_all(answer.as_bytes()).expect("sent");
        // Kept until the client has read the answer.
        socket
    });
    let delta = play(&host, async |client| {
        let error = client.post("/").body(vec![0; 32 << 20]).await.expect_err("413");
        assert_eq!(error.status(), Some(413), "{error}");
    });
    drop(answering.join().expect("it answered"));
    assert_eq!(delta.wire.answered, 1);
}
