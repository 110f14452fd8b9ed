//! Bodies that are read piece by piece.

use super::server::{Act, Server, answer};
use super::{causes, counts, for_both_clients, hello, play, play_as};
use crate::plan::RunSpec;
use std::time::Duration;

for_both_clients![
    a_body_comes_piece_by_piece_and_is_one_sample,
    events_are_read_until_the_user_has_enough,
    what_is_dropped_is_interrupted_and_what_breaks_fails,
    a_stream_that_can_not_begin_is_a_failed_request,
    an_event_is_no_larger_than_a_body_may_be,
    a_stream_takes_room_until_it_ends,
];

const HEAD: &str = "HTTP/1.1 200 OK\r\nx-kind: long\r\ntransfer-encoding: chunked\r\n\r\n";

fn chunk(text: &str) -> String {
    format!("{:x}\r\n{text}\r\n", text.len())
}

fn a_body_comes_piece_by_piece_and_is_one_sample() {
    let body = [HEAD, &chunk("one"), &chunk("two"), "0\r\n\r\n"].concat();
    let server = Server::start(move |_| Act::Send(body.clone().into()));
    let delta = play(&server.url(), async |client| {
        for _ in 0..2 {
            let mut stream = client.get("/long").stream().await.expect("a head");
            assert_eq!((stream.status(), stream.header("x-kind")), (200, Some("long")));
            let mut all = Vec::new();
            while let Some(piece) = stream.chunk().await.expect("a piece") {
                all.extend_from_slice(&piece);
            }
            assert_eq!(all, b"onetwo");
            assert_eq!(stream.chunk().await.expect("the end stays the end"), None);
        }
    });
    let counts = counts(&delta, "/long");
    assert_eq!((counts.ok.count(), counts.bytes, counts.status), (2, 12, vec![(200, 2)]));
    assert_eq!(counts.phases.body.count(), 2);
    assert_eq!(server.connections(), 1, "the connection is good for the next");
    assert_eq!(server.seen()[0].header("accept-encoding"), [""; 0], "pieces can't be packed");
}

fn events_are_read_until_the_user_has_enough() {
    let event = chunk("event: price\nid: 7\ndata: 12.5\n\n");
    let server = Server::start(move |_| Act::Endless(HEAD.into(), event.clone().into()));
    let delta = play(&server.url(), async |client| {
        let mut prices = client.get("/prices").stream().await.expect("a head");
        for _ in 0..1_000 {
            let price = prices.event().await.expect("open").expect("endless");
            assert_eq!((price.event.as_str(), price.data.as_str()), ("price", "12.5"));
        }
        prices.close();
        client.get("/other").stream().await.expect("on a new connection").close();
    });
    assert_eq!(counts(&delta, "/prices").ok.count(), 1);
    assert!(counts(&delta, "/prices").bytes >= 30_000);
    assert_eq!((server.seen().len(), delta.wire.answered), (2, 2));
}

fn what_is_dropped_is_interrupted_and_what_breaks_fails() {
    let broken = [HEAD, &chunk("one"), "5\r\nhel"].concat();
    let server = Server::start(move |seen| match seen.path() {
        "/broken" => Act::Close(broken.clone().into()),
        _ => Act::Silence([HEAD, &chunk("one")].concat().into()),
    });
    let delta = play(&server.url(), async |client| {
        let mut stream = client.get("/dropped").stream().await.expect("a head");
        assert_eq!(stream.chunk().await.expect("a piece").as_deref(), Some(&b"one"[..]));
        drop(stream);
        let mut stream = client.get("/broken").stream().await.expect("a head");
        let broken = loop {
            match stream.chunk().await {
                Ok(piece) => assert!(piece.is_some(), "it does not end well"),
                Err(error) => break error,
            }
        };
        assert!(broken.to_string().contains("before the answer was complete"), "{broken}");
        assert_eq!(stream.chunk().await.expect("nothing more"), None);
    });
    assert_eq!(counts(&delta, "/dropped").interrupted.count(), 1);
    assert_eq!(counts(&delta, "/broken").failed.count(), 1);
    assert_eq!(causes(&delta), ["connection closed before the answer was complete"]);
    assert_eq!((delta.wire.answered, delta.wire.sent_unanswered), (2, 0));
}

fn a_stream_that_can_not_begin_is_a_failed_request() {
    let server = Server::start(|seen| match seen.path() {
        "/silent" => Act::Silence(Vec::new()),
        _ => answer("503 Busy", "", "later"),
    });
    let delta = play(&server.url(), async |client| {
        let error = client.get("/busy").stream().await.err().expect("503");
        assert_eq!(error.to_string(), "503 Service Unavailable");
        let request = client.get("/silent").timeout(Duration::from_millis(100));
        assert!(request.stream().await.err().is_some_and(|error| error.is_timeout()));
        let checked = client.get("/checked").check(|_| Ok(())).stream().await;
        assert!(checked.err().is_some_and(|error| error.to_string().contains("no `stream`")));
    });
    assert_eq!(causes(&delta).len(), 3);
    assert_eq!(counts(&delta, "/busy").status, [(503, 1)]);
}

fn an_event_is_no_larger_than_a_body_may_be() {
    let endless = chunk(&"x".repeat(1_000));
    let start = [HEAD, &chunk("data: ")].concat();
    let server = Server::start(move |_| Act::Endless(start.clone().into(), endless.clone().into()));
    let small = |spec: &mut RunSpec| {
        spec.host = Some(server.url());
        spec.client.max_body = 1 << 20;
    };
    let delta = play_as(small, async |client| {
        let mut stream = client.get("/").stream().await.expect("a head");
        stream.event().await.expect_err("it never ends");
    });
    assert_eq!(causes(&delta), ["the answer's body is larger than 1 MiB"]);
}

fn a_stream_takes_room_until_it_ends() {
    let server = hello();
    play(&server.url(), async |client| {
        let client = crate::http::HttpClient::builder()
            .max_connections_per_host(1)
            .build(client.context())
            .expect("valid");
        let mut stream = client.get("/").stream().await.expect("a head");
        let second = tokio::time::timeout(Duration::from_millis(50), client.get("/").send());
        assert!(second.await.is_err(), "there is no room");
        while stream.chunk().await.expect("a piece").is_some() {}
        client.get("/").await.expect("there is room again");
    });
    assert_eq!(server.connections(), 1);
}
