//! Bodies that are made while they are sent.

use super::server::{Act, Server, answer, ok, redirect};
use super::{causes, counts, for_both_clients, hello, play};
use crate::http::{HttpClient, Request};
use crate::stats::Wire;
use futures_util::stream::{self, StreamExt as _};
use std::convert::Infallible;
use std::time::Duration;
use tokio::time::timeout;

for_both_clients![
    a_stream_is_sent_in_chunks_or_with_the_length_that_is_given,
    a_stream_that_fails_is_a_failure_of_its_request,
    a_stream_is_sent_once,
    an_answer_may_come_before_the_end_of_the_body,
];

const PIECES: [&str; 3] = ["one", "two", "three"];

/// A request that sends three pieces.
fn upload(client: &HttpClient, path: &str) -> Request {
    client.put(path).body_stream(stream::iter(PIECES.map(Ok::<_, Infallible>)))
}

fn a_stream_is_sent_in_chunks_or_with_the_length_that_is_given() {
    let server = hello();
    let delta = play(&server.url(), async |client| {
        upload(client, "/chunks").await.expect("an answer");
        upload(client, "/length").header("content-length", "11").await.expect("an answer");
        client.get("/next").await.expect("on the same connection");
    });
    let [chunks, length, next] = &server.seen()[..] else { panic!("three requests") };
    assert_eq!((chunks.body.as_str(), length.body.as_str()), ("onetwothree", "onetwothree"));
    assert_eq!(chunks.header("content-length"), [""; 0]);
    assert_eq!(length.header("content-length"), ["11"]);
    assert_eq!(length.header("transfer-encoding"), [""; 0]);
    assert_eq!((next.connection, delta.wire.answered), (0, 3));
}

fn a_stream_that_fails_is_a_failure_of_its_request() {
    let server = hello();
    let delta = play(&server.url(), async |client| {
        let broken = [Ok("one"), Err(std::io::Error::other("the disk is gone"))];
        let request = client.post("/").body_stream(stream::iter(broken));
        request.await.expect_err("half a body");
        client.get("/").await.expect("on a new connection");
    });
    assert_eq!(causes(&delta), ["the body to send failed: the disk is gone"]);
    assert_eq!((delta.wire.answered, delta.wire.sent_unanswered), (1, 0));
}

#[test]
fn a_stream_that_is_cut_off_is_partly_sent_until_its_end() {
    for (then_ends, expected) in [
        (false, Wire { partly_sent: 1, ..Wire::default() }),
        (true, Wire { sent_unanswered: 1, ..Wire::default() }),
    ] {
        let server = Server::start(|_| Act::Silence(Vec::new()));
        let delta = play(&server.url(), async |client| {
            let pieces = stream::iter(PIECES.map(Ok::<_, Infallible>));
            let request = if then_ends {
                client.post("/").body_stream(pieces)
            } else {
                client.post("/").body_stream(pieces.chain(stream::pending()))
            };
            timeout(Duration::from_millis(200), request.send()).await.expect_err("no answer");
        });
        assert_eq!(delta.wire, expected);
        assert_eq!(server.seen().len(), usize::from(then_ends));
    }
}

fn a_stream_is_sent_once() {
    let server = Server::start(|seen| match (seen.path(), seen.before) {
        ("/303", _) => redirect(303, "/"),
        ("/307", _) => redirect(307, "/"),
        // An idle connection that is closed when the next request comes.
        ("/closed", _) => Act::Close(Vec::new()),
        _ => ok("hello"),
    });
    let delta = play(&server.url(), async |client| {
        upload(client, "/303").await.expect("the body is not asked for again");
        upload(client, "/307").await.expect_err("it is");
        upload(client, "/closed").await.expect_err("not repeated");
    });
    assert_eq!(
        causes(&delta),
        [
            "redirected to where the body has to be sent again, and a stream can't be",
            "connection closed before the answer was complete"
        ]
    );
    assert_eq!((delta.wire.retries, server.seen().len()), (0, 4));
}

fn an_answer_may_come_before_the_end_of_the_body() {
    let server = Server::start(|_| answer("413 Content Too Large", "", "enough"));
    let endless = || stream::repeat_with(|| Ok::<_, Infallible>(vec![b'x'; 16 << 10]));
    let delta = play(&server.url(), async |client| {
        // The server of this test reads whole bodies first, so this one has an end.
        let request = client.post("/").body_stream(endless().take(64));
        assert_eq!(request.await.expect_err("too large").status(), Some(413));
    });
    assert_eq!(counts(&delta, "/").status, [(413, 1)]);
    assert_eq!(server.seen()[0].body.len(), 1 << 20);
}
