//! Redirects: one request of the user's, whatever its hops.

use super::server::{Act, Server, ok, redirect};
use super::{causes, counts, for_both_clients, names, play};
use http::Method;

for_both_clients![
    methods_change_as_browsers_change_them,
    a_location_may_be_relative_and_cookies_are_kept_on_the_way,
    another_server_gets_no_credential,
    what_can_not_be_followed_fails_once,
    a_redirect_without_location_is_an_answer,
];

fn methods_change_as_browsers_change_them() {
    for (status, method, then, keeps_body) in [
        (301, Method::GET, "GET", false),
        (301, Method::POST, "GET", false),
        (302, Method::POST, "GET", false),
        (303, Method::POST, "GET", false),
        (303, Method::PUT, "GET", false),
        (303, Method::HEAD, "HEAD", false),
        (307, Method::POST, "POST", true),
        (308, Method::PUT, "PUT", true),
    ] {
        let server = Server::start(move |seen| match seen.path() {
            // An answer to HEAD has no body.
            "/from" if seen.line.starts_with("HEAD") => {
                Act::Send(format!("HTTP/1.1 {status} x\r\nlocation: /to\r\n\r\n").into())
            }
            "/from" => redirect(status, "/to"),
            _ => Act::Close(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()),
        });
        let delta = play(&server.url(), async |client| {
            let body = if method == Method::GET || method == Method::HEAD { "" } else { "[1]" };
            let request = client.request(method.clone(), "/from").header("x-keep", "1").body(body);
            let answer = request.await.expect("followed");
            assert_eq!(
                (answer.status(), answer.url()),
                (200, format!("{}/to", server.url()).as_str())
            );
        });
        let last = server.seen().pop().expect("two requests");
        assert_eq!(last.line, format!("{then} /to HTTP/1.1"), "{status} {method}");
        assert_eq!(last.body, if keeps_body { "[1]" } else { "" }, "{status} {method}");
        assert_eq!(last.header("x-keep"), ["1"]);
        assert_eq!(names(&delta), ["/from"], "one sample, named after the first");
        assert_eq!((delta.wire.answered, counts(&delta, "/from").ok.count()), (2, 1));
    }
}

fn a_location_may_be_relative_and_cookies_are_kept_on_the_way() {
    let server = Server::start(|seen| match seen.path() {
        "/a/b" => super::server::answer(
            "302 Found",
            "location: ../c?x=1#part\r\nset-cookie: seen=yes; path=/\r\n",
            "",
        ),
        _ => ok("here"),
    });
    play(&server.url(), async |client| {
        assert_eq!(client.get("/a/b").await.expect("followed").text(), Ok("here"));
    });
    let last = server.seen().pop().expect("two requests");
    assert_eq!((last.path(), last.header("cookie")), ("/c?x=1", vec!["seen=yes"]));
}

fn another_server_gets_no_credential() {
    let other = super::hello();
    let to = format!("{}/there", other.url());
    let server = Server::start(move |_| redirect(307, &to));
    play(&server.url(), async |client| {
        let secret = crate::settings::Secret::new("hunter2");
        let request = client.post("/").bearer_auth(&secret).header("cookie", "own=1").body("x");
        request.await.expect("followed");
    });
    let seen = other.seen().pop().expect("followed");
    assert_eq!((seen.header("authorization"), seen.header("cookie")), (vec![], vec![]));
    assert_eq!(seen.body, "x");
    assert_eq!(server.seen()[0].header("authorization"), ["Bearer hunter2"]);
}

fn what_can_not_be_followed_fails_once() {
    for (to, cause, hops) in [
        ("/again", "more than 30 redirects", 31),
        ("ftp://example.com/", "redirected to the scheme `ftp`", 1),
        ("http://", "redirected to what is no URL", 1),
    ] {
        let server = Server::start(move |_| redirect(302, to));
        let delta = play(&server.url(), async |client| {
            client.get("/first").await.expect_err(cause);
        });
        assert_eq!((causes(&delta), names(&delta)), (vec![cause], vec!["/first"]));
        assert_eq!(delta.wire.answered, hops);
    }
}

fn a_redirect_without_location_is_an_answer() {
    let server = Server::start(|_| super::server::answer("304 Not Modified", "", ""));
    play(&server.url(), async |client| {
        assert_eq!(client.get("/").await.expect("an answer").status(), 304);
    });
}
