//! Keeping connections, and finding out that the server has not kept them.

use super::server::{Act, Server, answer, ok};
use super::{causes, counts, hello, play};
use tokio::join;

#[test]
fn requests_of_a_user_share_a_connection() {
    let server = hello();
    play(&server.url(), async |client| {
        for _ in 0..5 {
            client.get("/").await.expect("an answer");
        }
        assert_eq!(server.connections(), 1);
        let (one, other) = join!(client.get("/"), client.get("/"));
        assert!(one.is_ok() && other.is_ok());
        assert_eq!(server.connections(), 2, "two at a time need two");
        client.get("/").await.expect("an answer");
        assert_eq!(server.connections(), 2);
    });
    // Another user has its own.
    play(&server.url(), async |client| drop(client.get("/").await.expect("an answer")));
    assert_eq!(server.connections(), 3);
}

#[test]
fn a_connection_that_the_server_closes_is_not_used_again() {
    for bytes in [
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nhi",
        "HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nhi",
        "HTTP/1.1 200 OK\r\n\r\nhi",
    ] {
        let server = Server::start(move |_| Act::Close(bytes.into()));
        let delta = play(&server.url(), async |client| {
            for _ in 0..3 {
                assert_eq!(client.get("/").await.expect("an answer").text(), Ok("hi"), "{bytes}");
            }
        });
        assert_eq!(server.connections(), 3, "{bytes}");
        assert_eq!(delta.wire.retries, 0, "{bytes}");
    }
}

/// The server closes while the connection idles: the second request either sees that before it is sent, or is repeated.
#[test]
fn an_idle_connection_that_was_closed_is_no_failure() {
    let server =
        Server::start(|_| Act::Close(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi".to_vec()));
    let delta = play(&server.url(), async |client| {
        for _ in 0..20 {
            client.get("/").await.expect("an answer");
        }
    });
    assert_eq!(counts(&delta, "/").ok.count(), 20);
    // What was sent after the server had closed, it did not read.
    assert_eq!((server.seen().len(), delta.wire.answered), (20, 20));
    assert_eq!(delta.wire.sent_unanswered + delta.wire.not_sent, delta.wire.retries);
}

/// Reads the second request on each connection and closes without a word, as a server does whose keep-alive time is over at that moment.
fn closes_at_the_second() -> Server {
    Server::start(|seen| match seen.path() {
        "/first" => ok("hello"),
        _ if seen.connection == 0 => Act::Close(Vec::new()),
        _ => ok("after all"),
    })
}

#[test]
fn what_is_safe_to_repeat_is_repeated_once_and_counted() {
    let server = closes_at_the_second();
    let delta = play(&server.url(), async |client| {
        client.get("/first").await.expect("an answer");
        assert_eq!(client.get("/second").await.expect("repeated").text(), Ok("after all"));
    });
    assert_eq!(server.seen().len(), 3);
    let wire = delta.wire;
    assert_eq!((wire.answered, wire.sent_unanswered, wire.retries), (2, 1, 1));
    assert_eq!(counts(&delta, "/second").ok.count(), 1, "one request of the user's");
}

#[test]
fn what_may_have_had_an_effect_is_not_repeated() {
    let server = closes_at_the_second();
    let delta = play(&server.url(), async |client| {
        client.get("/first").await.expect("an answer");
        client.post("/second").await.expect_err("closed");
    });
    assert_eq!(server.seen().len(), 2);
    assert_eq!(causes(&delta), ["connection closed before the answer was complete"]);
    assert_eq!((delta.wire.retries, delta.wire.sent_unanswered), (0, 1));
}

#[test]
fn a_new_connection_that_fails_is_not_tried_again() {
    let server = Server::start(|_| Act::Close(Vec::new()));
    let delta = play(&server.url(), async |client| {
        client.get("/").await.expect_err("closed");
    });
    assert_eq!((server.seen().len(), delta.wire.retries), (1, 0));
}

#[test]
fn as_many_connections_are_kept_as_browsers_keep() {
    let server = hello();
    play(&server.url(), async |client| {
        let ten = async || {
            let get = || client.get("/");
            let ten = join!(get(), get(), get(), get(), get(), get(), get(), get(), get(), get());
            ten.0.expect("an answer");
        };
        ten().await;
        assert_eq!(server.connections(), 10);
        ten().await;
        assert_eq!(server.connections(), 14, "six were kept");
    });
}

#[test]
fn half_read_answers_do_not_mix_with_the_next() {
    // The body of a failed check was read whole, so the connection is good.
    let server = Server::start(|seen| answer("404 Not Found", "", &seen.path().repeat(1_000)));
    play(&server.url(), async |client| {
        for path in ["/a", "/b", "/c"] {
            let error = client.get(path).await.expect_err("404");
            let text = error.response().and_then(|answer| answer.text().ok()).expect("a body");
            assert_eq!(text, path.repeat(1_000));
        }
    });
    assert_eq!(server.connections(), 1);
}
