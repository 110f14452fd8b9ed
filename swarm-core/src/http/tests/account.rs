//! The account of every attempt on the wire, whenever user code drops a request.

use super::server::{Act, Server};
use super::{counts, for_both_clients, hello, names, play, play_as};
use crate::stats::{Delta, Wire};
use std::io::Read as _;
use std::time::Duration;
use tokio::time::timeout;

for_both_clients![
    what_was_never_awaited_is_nothing,
    dropped_while_it_waits_for_the_answer,
    dropped_while_it_reads_the_body,
    time_outs_say_what_took_too_long,
];

const SOON: Duration = Duration::from_millis(100);

fn interrupted(delta: &Delta, name: &str) -> u64 {
    let counts = counts(delta, name);
    assert!(counts.ok.is_empty() && counts.failed.is_empty(), "{counts:?}");
    counts.interrupted.count()
}

fn what_was_never_awaited_is_nothing() {
    let server = hello();
    let delta = play(&server.url(), async |client| drop(client.get("/").send()));
    assert_eq!((names(&delta).len(), delta.wire), (0, Wire::default()));
    assert_eq!(server.seen().len(), 0);
}

#[test]
fn dropped_while_it_connects() {
    // A server that accepts and never says a word of TLS.
    let server = Server::start(|_| Act::Silence(Vec::new()));
    let host = server.url().replace("http", "https");
    let delta = play(&host, async |client| {
        timeout(SOON, client.get("/").send()).await.expect_err("no end");
    });
    assert_eq!(interrupted(&delta, "/"), 1);
    assert_eq!(delta.wire, Wire { not_sent: 1, ..Wire::default() });
}

#[test]
fn dropped_while_it_is_sent() {
    // Accepts, but does not read: more than the buffers of the system hold can't be sent.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let host = format!("http://{}", listener.local_addr().expect("bound"));
    let body = vec![0_u8; 64 << 20];
    let delta = play(&host, async |client| {
        timeout(SOON, client.post("/").body(body).send()).await.expect_err("no end");
    });
    assert_eq!(interrupted(&delta, "/"), 1);
    assert_eq!(delta.wire, Wire { partly_sent: 1, ..Wire::default() });
    let (mut socket, _) = listener.accept().expect("connected");
    let mut begun = [0; 4];
    socket.read_exact(&mut begun).expect("a part came");
    assert_eq!(&begun, b"POST");
}

fn dropped_while_it_waits_for_the_answer() {
    let server = Server::start(|_| Act::Silence(Vec::new()));
    let delta = play(&server.url(), async |client| {
        tokio::select! {
            _ = client.get("/").send() => panic!("no answer comes"),
            () = server.received(1) => {}
        }
    });
    assert_eq!(interrupted(&delta, "/"), 1);
    assert_eq!(delta.wire, Wire { sent_unanswered: 1, ..Wire::default() });
    assert_eq!(server.seen().len(), 1);
}

fn dropped_while_it_reads_the_body() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nbegun";
    let server = Server::start(|_| Act::Silence(head.to_vec()));
    let delta = play(&server.url(), async |client| {
        timeout(SOON, client.get("/").send()).await.expect_err("no end");
    });
    assert_eq!(interrupted(&delta, "/"), 1);
    assert_eq!(delta.wire, Wire { answered: 1, ..Wire::default() });
}

fn time_outs_say_what_took_too_long() {
    let server = Server::start(|_| Act::Silence(Vec::new()));
    let delta = play(&server.url(), async |client| {
        let error = client.get("/").timeout(SOON).await.expect_err("no answer");
        assert!(error.is_timeout());
        assert_eq!(error.to_string(), "the request timed out after 100ms");
    });
    assert_eq!(counts(&delta, "/").failed.count(), 1);
    assert_eq!(delta.wire, Wire { sent_unanswered: 1, ..Wire::default() });

    let host = server.url().replace("http", "https");
    let slow_to_connect = |spec: &mut crate::plan::RunSpec| {
        spec.host = Some(host);
        spec.client.connect_timeout = SOON;
    };
    let delta = play_as(slow_to_connect, async |client| {
        let error = client.get("/").await.expect_err("no TLS");
        assert!(error.is_timeout());
        assert_eq!(error.to_string(), "connecting timed out after 100ms");
    });
    assert_eq!(delta.wire, Wire { not_sent: 1, ..Wire::default() });
}

/// Many users' ways of giving up, against the server's own count.
#[test]
fn what_the_server_received_is_what_the_account_says() {
    let server = Server::start(|seen| match seen.before % 4 {
        0 => super::server::ok("hello"),
        1 => Act::Silence(Vec::new()),
        2 => Act::Close(Vec::new()),
        _ => Act::Reset(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n".to_vec()),
    });
    let delta = play(&server.url(), async |client| {
        for index in 0..200_u64 {
            // Some are dropped before they are sent, some while they wait, some end in time.
            let patience = Duration::from_micros(index * 37 % 3_000);
            let _ = timeout(patience, client.get("/").send()).await;
        }
    });
    let wire = delta.wire;
    assert_eq!(server.seen().len() as u64, wire.answered + wire.sent_unanswered, "{wire:?}");
    assert_eq!(wire.partly_sent, 0);
    let counts = counts(&delta, "/");
    let samples = counts.ok.count() + counts.failed.count() + counts.interrupted.count();
    assert!((190..=200).contains(&samples), "each that was polled, once: {samples}");
    let attempts = wire.answered + wire.sent_unanswered + wire.not_sent;
    assert_eq!(attempts, samples + wire.retries, "{wire:?}");
}
