//! What a request looks like on the wire, and what comes of its answer.

use super::server::{Server, answer, ok};
use super::{causes, counts, for_both_clients, hello, names, play};
use crate::error::{OrFail as _, TaskError, TaskResult};
use crate::http::{HttpClient, Request, RequestError};
use crate::path;
use crate::settings::Secret;
use http::Method;
use serde::Serialize;

for_both_clients![
    every_method_has_its_name,
    headers_are_those_of_the_request_before_the_defaults,
    queries_are_added_to_the_path,
    bodies_are_sent_with_their_type,
    forms_with_files_are_sent_whole,
    credentials_are_sent_and_never_shown,
    a_request_is_reported_by_its_name_or_its_template_or_its_path,
    what_can_not_be_built_is_a_failure_of_the_request,
    an_answer_tells_all_about_itself,
    a_status_of_400_or_more_fails_and_a_check_alone_decides,
    a_failed_request_is_found_in_the_error_of_a_task,
    paths_are_below_the_hosts_own_and_what_is_the_hosts_goes_nowhere_else,
    cookies_are_each_users_own,
];

#[derive(Serialize)]
struct Page {
    number: u32,
    words: &'static str,
}

/// Sends one request and returns it as it came.
fn sent(build: impl Fn(&HttpClient) -> Request) -> super::server::Seen {
    let server = hello();
    play(&server.url(), async |client| drop(build(client).await.expect("an answer")));
    server.seen().pop().expect("a request")
}

fn every_method_has_its_name() {
    let server = hello();
    play(&server.url(), async |client| {
        for request in [
            client.get("/x"),
            client.post("/x"),
            client.put("/x"),
            client.patch("/x"),
            client.delete("/x"),
            client.options("/x"),
            client.request(Method::TRACE, "/x"),
            // The server's answer has a body, which a HEAD must not have; so it is the last.
            client.head("/x"),
        ] {
            request.await.expect("an answer");
        }
    });
    let lines: Vec<String> = server.seen().into_iter().map(|seen| seen.line).collect();
    let methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "HEAD"];
    assert_eq!(lines, methods.map(|method| format!("{method} /x HTTP/1.1")));
}

fn headers_are_those_of_the_request_before_the_defaults() {
    let server = hello();
    play(&server.url(), async |client| {
        client.default_header("x-run", "7").expect("valid");
        client.default_header("accept", "text/html").expect("valid");
        client.get("/").await.expect("an answer");
        let request = client.get("/").header("Accept", "a/b").header("x-many", "1");
        request.header("x-many", "2").await.expect("an answer");
        assert!(client.default_header("no name", "x").is_err());
    });
    let [first, second] = &server.seen()[..] else { panic!("two requests") };
    assert_eq!(first.header("host"), [server.address().to_string()]);
    assert_eq!((first.header("x-run"), first.header("accept")), (vec!["7"], vec!["text/html"]));
    assert!(first.header("user-agent")[0].starts_with("swarm/"), "{first:?}");
    assert_eq!((second.header("x-run"), second.header("accept")), (vec!["7"], vec!["a/b"]));
    assert_eq!(second.header("x-many"), ["1", "2"]);
}

fn queries_are_added_to_the_path() {
    let page = Page { number: 3, words: "a b&c" };
    for (seen, path) in [
        (sent(|client| client.get("/x").query(&[("a", "1"), ("b", "ü")])), "/x?a=1&b=%C3%BC"),
        (sent(|client| client.get("/x?z=0").query(&page)), "/x?z=0&number=3&words=a+b%26c"),
        (sent(|client| client.get("/x").query(&[("a", 1)]).query(&[("b", 2)])), "/x?a=1&b=2"),
        (sent(|client| client.get("/x").query(&[("a", "1"); 0])), "/x"),
    ] {
        assert_eq!(seen.path(), path);
    }
}

fn bodies_are_sent_with_their_type() {
    let page = Page { number: 3, words: "a b" };
    let form = "application/x-www-form-urlencoded";
    for (seen, kind, body) in [
        (
            sent(|client| client.post("/").json(&page)),
            vec!["application/json"],
            r#"{"number":3,"words":"a b"}"#,
        ),
        (sent(|client| client.post("/").form(&page)), vec![form], "number=3&words=a+b"),
        (sent(|client| client.post("/").body("raw")), vec![], "raw"),
        (sent(|client| client.post("/").header("content-type", "a/b").json(&1)), vec!["a/b"], "1"),
        (sent(|client| client.post("/")), vec![], ""),
    ] {
        assert_eq!((seen.header("content-type"), seen.body.as_str()), (kind, body));
        assert_eq!(seen.header("content-length"), [body.len().to_string()]);
    }
}

fn forms_with_files_are_sent_whole() {
    let form = crate::http::MultipartForm::new().text("title", "My cat").file(
        "photo",
        "cat.txt",
        "text/plain",
        "meow",
    );
    let seen = sent(|client| client.post("/").multipart(&form));
    let [kind] = seen.header("content-type")[..] else { panic!("one type") };
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").expect("a boundary");
    let parts: Vec<&str> = seen.body.split(&format!("--{boundary}")).collect();
    assert_eq!((parts.len(), parts[3]), (4, "--\r\n"));
    assert!(parts[1].ends_with("name=\"title\"\r\n\r\nMy cat\r\n"), "{}", parts[1]);
    assert!(parts[2].ends_with("content-type: text/plain\r\n\r\nmeow\r\n"), "{}", parts[2]);
}

fn credentials_are_sent_and_never_shown() {
    let secret = Secret::new("hunter2");
    let seen = sent(|client| client.get("/").basic_auth("ann", &secret));
    assert_eq!(seen.header("authorization"), ["Basic YW5uOmh1bnRlcjI="]);
    let seen = sent(|client| client.get("/").bearer_auth(&secret));
    assert_eq!(seen.header("authorization"), ["Bearer hunter2"]);
    let server = hello();
    let delta = play(&server.url(), async |client| {
        let unsendable = Secret::new("hunter2\n");
        let error = client.get("/").bearer_auth(&unsendable).await.expect_err("no header");
        assert_eq!(error.to_string(), "the credential can't be sent as a header");
        let error = client.get("/").header("x-key", "hunter2\n").await.expect_err("no header");
        assert_eq!(error.to_string(), "the value of header `x-key` can't be sent");
    });
    assert!(!format!("{delta:?}").contains("hunter2"), "{delta:?}");
}

fn a_request_is_reported_by_its_name_or_its_template_or_its_path() {
    let server = hello();
    let delta = play(&server.url(), async |client| {
        let word = "a/b ü..";
        for request in [
            client.get(path!("/item/{id}", id = 42)),
            client.get(path!("/search/{word}/{page}", page = 2)),
            client.get("/plain?x=1"),
            client.get("/plain?x=1").name("/plain"),
            client.get(path!("/item/{id}", id = 43)).name("an item"),
        ] {
            request.await.expect("an answer");
        }
    });
    let paths: Vec<String> = server.seen().iter().map(|seen| seen.path().to_owned()).collect();
    let sent = ["/item/42", "/search/a%2Fb%20%C3%BC../2", "/plain?x=1", "/plain?x=1", "/item/43"];
    assert_eq!(paths, sent);
    let reported = ["/item/{id}", "/search/{word}/{page}", "/plain?x=1", "/plain", "an item"];
    assert_eq!(names(&delta), reported);
}

fn what_can_not_be_built_is_a_failure_of_the_request() {
    let server = hello();
    let delta = play(&server.url(), async |client| {
        for (request, cause) in [
            (client.get("/a").header("no name", "x"), "`no name` is no name of a header"),
            (client.get("/b").query(&1), "the query can't be built"),
            (client.get("/c").json(&std::collections::HashMap::from([((1, 2), 3)])), "as JSON"),
            (client.get("example.com/d"), "`example.com/d` is no URL"),
            (client.get("ftp://example.com/e"), "the scheme is `ftp`"),
        ] {
            let error = request.await.expect_err(cause).to_string();
            assert!(error.contains(cause), "{error}");
        }
    });
    assert_eq!(names(&delta), ["/a", "/b", "/c", "example.com/d", "ftp://example.com/e"]);
    assert_eq!(causes(&delta).len(), 5);
    assert_eq!(server.seen().len(), 0);
    assert_eq!(delta.wire, crate::stats::Wire::default(), "nothing was tried");
}

fn an_answer_tells_all_about_itself() {
    let server = Server::start(|_| answer("201 Created", "x-a: 1\r\nx-a: 2\r\n", "{\"n\": 5}"));
    let delta = play(&server.url(), async |client| {
        let answer = client.post("/x").await.expect("an answer");
        assert_eq!((answer.status(), answer.header("X-A")), (201, Some("1")));
        assert_eq!(answer.headers().get_all("x-a").iter().count(), 2);
        assert_eq!((answer.text(), answer.url()), (Ok("{\"n\": 5}"), "/x"));
        assert_eq!(answer.json::<serde_json::Value>().expect("JSON")["n"], 5);
        assert!(answer.elapsed() > std::time::Duration::ZERO);
        let error = answer.json::<Vec<u32>>().expect_err("no list").to_string();
        assert!(error.contains("it begins: {\"n\": 5}"), "{error}");
    });
    let counts = counts(&delta, "/x");
    assert_eq!((counts.bytes, counts.status), (8, vec![(201, 1)]));
    let server = Server::start(|_| {
        super::server::Act::Send(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n\xff\xfe".to_vec())
    });
    play(&server.url(), async |client| {
        let answer = client.get("/").await.expect("an answer");
        assert_eq!(answer.text().expect_err("binary").to_string(), "the body is not UTF-8");
        assert_eq!(answer.bytes().len(), 2);
    });
}

fn a_status_of_400_or_more_fails_and_a_check_alone_decides() {
    let server = Server::start(|seen| match seen.path() {
        "/missing" => answer("404 Not Found", "", "gone"),
        "/broken" => answer("500 Oops", "", "boom"),
        _ => ok("thank you"),
    });
    let delta = play(&server.url(), async |client| {
        let error = client.get("/missing").await.expect_err("404");
        assert_eq!((error.to_string().as_str(), error.status()), ("404 Not Found", Some(404)));
        assert_eq!(error.response().expect("an answer").text(), Ok("gone"));
        let answer = client.get("/missing").name("expected").check(|_| Ok(())).await;
        assert_eq!(answer.expect("the check passed").status(), 404);
        let receipt = |answer: &crate::http::Response| {
            answer.text()?.contains("thank you").or_fail("no receipt")
        };
        client.get("/").check(receipt).await.expect("a receipt");
        let error = client.get("/broken").check(receipt).await.expect_err("no receipt");
        let text = "check failed: no receipt (500 Internal Server Error)";
        assert_eq!(error.to_string(), text);
    });
    assert_eq!(causes(&delta).len(), 2);
    assert_eq!(counts(&delta, "expected").ok.count(), 1);
    assert_eq!(counts(&delta, "/").ok.count(), 1);
    assert_eq!(counts(&delta, "/broken").failed.count(), 1);
}

fn a_failed_request_is_found_in_the_error_of_a_task() {
    async fn task(client: &HttpClient) -> TaskResult {
        client.get("/").await?;
        Ok(())
    }
    let server = Server::start(|_| answer("503 Busy", "", ""));
    play(&server.url(), async |client| {
        let error: TaskError = task(client).await.expect_err("503");
        assert_eq!(error.find::<RequestError>().and_then(RequestError::status), Some(503));
    });
}

fn paths_are_below_the_hosts_own_and_what_is_the_hosts_goes_nowhere_else() {
    let (home, other) = (hello(), hello());
    let delta = play(&format!("{}/api/", home.url()), async |client| {
        client.default_header("x-key", "home").expect("valid");
        client.default_header("authorization", "Bearer home").expect("valid");
        client.get("/users").await.expect("an answer");
        client.get(format!("{}/there", other.url())).await.expect("an answer");
    });
    let (home_seen, other_seen) = (home.seen(), other.seen());
    assert_eq!(home_seen[0].path(), "/api/users");
    assert_eq!(home_seen[0].header("authorization"), ["Bearer home"]);
    assert_eq!(other_seen[0].path(), "/there");
    assert_eq!(other_seen[0].header("authorization"), [""; 0]);
    assert_eq!(other_seen[0].header("x-key"), [""; 0]);
    assert_eq!(names(&delta), ["/users".to_owned(), format!("{}/there", other.url())]);
}

fn cookies_are_each_users_own() {
    let server = Server::start(|seen| match seen.path() {
        "/set" => answer("200 OK", "set-cookie: a=1\r\nset-cookie: b=2; Path=/deep\r\n", ""),
        "/malformed" => answer("200 OK", "set-cookie: \r\nset-cookie: ;;;\r\n", ""),
        "/delete" => answer("200 OK", "set-cookie: a=x; Max-Age=0\r\n", ""),
        _ => ok(""),
    });
    let visit = async |client: &HttpClient, path: &str| {
        client.get(path).await.expect("an answer");
    };
    play(&server.url(), async |client| {
        for path in ["/first", "/set", "/second", "/deep/x", "/malformed", "/delete", "/last"] {
            visit(client, path).await;
        }
    });
    play(&server.url(), async |client| visit(client, "/stranger").await);
    let cookies = |path: &str| {
        let seen = server.seen();
        let request = seen.iter().find(|seen| seen.path() == path).expect("requested");
        let mut pairs: Vec<String> = request
            .header("cookie")
            .iter()
            .flat_map(|line| line.split("; "))
            .map(str::to_owned)
            .collect();
        pairs.sort();
        pairs
    };
    assert_eq!(cookies("/first"), [""; 0]);
    assert_eq!(cookies("/second"), ["a=1"]);
    assert_eq!(cookies("/deep/x"), ["a=1", "b=2"]);
    assert_eq!(cookies("/last"), [""; 0]);
    assert_eq!(cookies("/stranger"), [""; 0]);
}
