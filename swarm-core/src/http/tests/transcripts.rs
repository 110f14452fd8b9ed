//! What who looks on sees of requests, and what it does not see.

use super::server::{Act, Server, answer, ok, redirect};
use super::{for_both_clients, play_with};
use crate::auth::TokenAuth;
use crate::context::Shared;
use crate::error::OrFail as _;
use crate::http::HttpClient;
use crate::secrets::Secrets;
use crate::settings::Secret;
use crate::stats::Kind;
use crate::watch::{Answer, Body, Exchange, Moment, Onlooker, Recorded};
use bytes::Bytes;
use std::cell::RefCell;
use std::convert::Infallible;
use std::rc::Rc;

for_both_clients![
    a_request_is_seen_with_its_answer,
    each_redirect_is_one_more_exchange,
    what_has_no_answer_is_seen_as_far_as_it_came,
    bodies_are_seen_as_text_or_as_their_size,
    no_secret_is_seen,
];

/// What is seen of this, where `hunter22` is the value of a secret setting.
fn seen(host: &str, script: impl AsyncFnOnce(&HttpClient)) -> Vec<Recorded> {
    let seen = Rc::<RefCell<Vec<Recorded>>>::default();
    let seeing = Rc::clone(&seen);
    let onlooker = Onlooker::new(Secrets::new(["hunter22"]), move |moment| match moment {
        Moment::Sample(sample) => seeing.borrow_mut().push(sample),
        other => panic!("{other:?}"),
    });
    let looked_at = |shared| Shared { onlooker: Some(Rc::new(onlooker)), ..shared };
    play_with(|spec| spec.host = Some(host.to_owned()), looked_at, script);
    seen.take()
}

fn text(text: &str) -> Body {
    Body::Text { begins: text.to_owned(), size: text.len() as u64 }
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

impl Recorded {
    fn answer(&self, exchange: usize) -> &Answer {
        self.exchanges[exchange].answer.as_ref().expect("an answer")
    }
}

fn a_request_is_seen_with_its_answer() {
    let server = Server::start(|_| answer("201 Created", "x-kind: new\r\n", "made"));
    let seen = seen(&server.url(), async |client| {
        let request = client.post("/items?a=1").header("x-own", "1").json(&[1, 2]);
        request.name("items").await.expect("an answer");
    });
    let [request] = &seen[..] else { panic!("{seen:?}") };
    let told = (request.method.as_str(), request.name.as_str(), request.bytes);
    assert_eq!(told, ("POST", "items", 4));
    assert_eq!((request.kind, request.status, &request.error), (Kind::Http, Some(201), &None));
    let [exchange] = &request.exchanges[..] else { panic!("{request:?}") };
    assert_eq!(exchange.method, "POST");
    assert_eq!(exchange.url, format!("{}/items?a=1", server.url()));
    let sent = ["content-type", "x-own", "accept"].map(|name| header(&exchange.headers, name));
    assert_eq!(sent, [Some("application/json"), Some("1"), Some("*/*")]);
    assert_eq!(exchange.body, text("[1,2]"));
    let answer = request.answer(0);
    assert_eq!((answer.status, &answer.body), (201, &text("made")));
    assert_eq!(header(&answer.headers, "x-kind"), Some("new"));
}

fn each_redirect_is_one_more_exchange() {
    let server = Server::start(|seen| match seen.path() {
        "/start" => redirect(303, "/middle"),
        "/middle" => redirect(302, "/end"),
        _ => ok("there"),
    });
    let seen = seen(&server.url(), async |client| {
        client.post("/start").body("x").await.expect("an answer");
    });
    assert_eq!(seen.len(), 1);
    let steps: Vec<(String, u16)> = seen[0]
        .exchanges
        .iter()
        .map(|Exchange { method, url, answer, .. }| {
            let path = url.strip_prefix(&server.url()).expect("of this server");
            (format!("{method} {path}"), answer.as_ref().map_or(0, |answer| answer.status))
        })
        .collect();
    let expected = [("POST /start", 303), ("GET /middle", 302), ("GET /end", 200)];
    assert_eq!(steps, expected.map(|(step, status)| (step.to_owned(), status)));
    assert_eq!(seen[0].answer(0).body, text("moved"));
    assert_eq!(
        (&seen[0].exchanges[1].body, &seen[0].answer(2).body),
        (&Body::Empty, &text("there"))
    );
}

fn what_has_no_answer_is_seen_as_far_as_it_came() {
    let server = Server::start(|_| Act::Reset(Vec::new()));
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let gone = format!("http://{}/x", nobody.local_addr().expect("bound"));
    drop(nobody);
    let half =
        Server::start(|_| Act::Close(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf".into()));
    let seen = seen(&server.url(), async |client| {
        client.post("/reset").await.expect_err("no answer");
        client.get(&gone).await.expect_err("no connection");
        client.get("no url").await.expect_err("nothing to send");
        client.get(half.url()).await.expect_err("half an answer");
    });
    let [reset, gone_, nothing, half] = &seen[..] else { panic!("{seen:?}") };
    assert!(seen.iter().all(|request| request.error.is_some()));
    assert_eq!(reset.exchanges[0].answer, None);
    assert!(!reset.exchanges[0].headers.is_empty());
    assert_eq!((gone_.exchanges[0].url.as_str(), &gone_.exchanges[0].answer), (&*gone, &None));
    assert_eq!(nothing.exchanges, []);
    assert_eq!((half.answer(0).status, &half.answer(0).body), (200, &Body::Unseen));
}

fn bodies_are_seen_as_text_or_as_their_size() {
    let long = "ä".repeat(100_000);
    let bodies = [Vec::from("caf\u{e9}"), vec![0; 9], vec![0xff; 9], long.into_bytes(), Vec::new()];
    let server = Server::start(move |seen| {
        let body = &bodies[seen.before % bodies.len()];
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
        Act::Send([head.as_bytes(), body].concat())
    });
    let seen = seen(&server.url(), async |client| {
        for _ in 0..5 {
            client.get("/").await.expect("an answer");
        }
        let pieces = futures_util::stream::iter([Ok::<_, Infallible>(Bytes::from("x"))]);
        let mut stream = client.put("/").body_stream(pieces).stream().await.expect("a head");
        while stream.chunk().await.expect("a piece").is_some() {}
    });
    let bodies: Vec<&Body> = seen.iter().map(|request| &request.answer(0).body).collect();
    assert_eq!(
        bodies[..3],
        [&text("caf\u{e9}"), &Body::Binary { size: 9 }, &Body::Binary { size: 9 }]
    );
    let Body::Text { begins, size: 200_000 } = bodies[3] else { panic!("{:?}", bodies[3]) };
    assert_eq!(*begins, "ä".repeat(8 << 10));
    assert_eq!(bodies[4..], [&Body::Empty, &text("caf\u{e9}")]);
    assert_eq!(seen[5].exchanges[0].body, Body::Unseen);
}

fn no_secret_is_seen() {
    const TOKEN: &str = "t0k3n-of-ann";
    const COOKIE: &str = "c00k1e-of-ann";
    let server = Server::start(|seen| match seen.path() {
        "/login?code=c0de-of-ann" => {
            let headers =
                format!("set-cookie: session={COOKIE}; Path=/\r\nx-refresh-token: r3fresh\r\n");
            answer("200 OK", &headers, &format!(r#"{{"token": "{TOKEN}"}}"#))
        }
        path if path.starts_with("/late") => {
            answer("404 Not Found", &format!("x-note: {TOKEN}\r\n"), &format!("{COOKIE} {TOKEN}"))
        }
        path => answer("302 Found", &format!("location: /late?p={TOKEN}\r\n"), path),
    });
    let seen = seen(&server.url(), async |client| {
        let login = TokenAuth::form("/login?code=c0de-of-ann", &[("pin", "91827364")]);
        client.authenticate(login).await.expect("logged in");
        client
            .post("/echo/hunter22")
            .json(&["hunter22", TOKEN])
            .redirects(0)
            .await
            .expect("led on");
        let request = client.post(format!("/late?p={TOKEN}")).name(format!("late {COOKIE}"));
        let request = request.basic_auth("ann", &Secret::new("p4ssword"));
        let refuses = request.check(|_| false.or_fail(format!("no {TOKEN}")));
        refuses.await.expect_err("refused");
    });
    let whole = format!("{seen:#?}");
    for secret in [
        "hunter22",
        TOKEN,
        COOKIE,
        "c0de-of-ann",
        "91827364",
        "r3fresh",
        "p4ssword",
        "YW5uOnA0c3N3b3Jk",
    ] {
        assert!(!whole.contains(secret), "{secret} is in {whole}");
    }
    let [login, led_on, late] = &seen[..] else { panic!("{seen:?}") };
    assert_eq!(login.exchanges[0].url, format!("{}/login?***", server.url()));
    let hidden = (&login.exchanges[0].body, &login.answer(0).body);
    assert_eq!(hidden, (&Body::Secret, &Body::Secret));
    // The names of headers are no secret.
    for name in ["set-cookie", "x-refresh-token"] {
        assert_eq!(header(&login.answer(0).headers, name), Some("***"));
    }
    for name in ["authorization", "cookie"] {
        assert_eq!(header(&led_on.exchanges[0].headers, name), Some("***"));
    }
    assert_eq!(
        led_on.exchanges[0].body,
        Body::Text { begins: r#"["***","***"]"#.to_owned(), size: 27 }
    );
    assert_eq!(header(&led_on.answer(0).headers, "location"), Some("/late?p=***"));
    assert_eq!(late.name, "late ***");
    assert_eq!(late.error.as_deref(), Some("check failed: no *** (404 Not Found)"));
}
