//! What a request that is traced sends, and what its span says.

use super::server::{Act, Server, answer, ok, redirect};
use super::{for_both_clients, hello, play_with};
use crate::auth::TokenAuth;
use crate::context::Shared;
use crate::error::TaskError;
use crate::http::HttpClient;
use crate::plan::RunSpec;
use crate::stats::Kind;
use crate::trace::{Span, SpanResult, TraceParent, Tracer, Tracing};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

for_both_clients![
    a_request_sends_the_place_that_its_span_has,
    what_fails_says_so_and_what_is_cut_off_too,
    redirects_are_of_one_span,
    a_header_of_user_codes_own_wins,
    a_login_is_a_span_without_what_proves_it,
];

/// The spans of requests to a host.
fn spans(host: &str, script: impl AsyncFnOnce(&HttpClient)) -> Vec<Span> {
    let spans = Arc::<Mutex<Vec<Span>>>::default();
    let taken = Arc::clone(&spans);
    let sink = Arc::new(move |spans| taken.lock().expect("not poisoned").extend(spans));
    let to_host = |spec: &mut RunSpec| spec.host = Some(host.to_owned());
    let mut tracer = None;
    let traced = |shared: Shared| {
        let secrets = shared.secrets.clone();
        let ours = Tracer::new(Tracing { share: 1.0, sink }, 7, secrets);
        tracer = Some(Rc::new(RefCell::new(ours)));
        Shared { tracer: tracer.clone(), ..shared }
    };
    play_with(to_host, traced, script);
    tracer.expect("made").borrow_mut().close();
    std::mem::take(&mut spans.lock().expect("not poisoned"))
}

/// What the server was sent, in order.
fn sent(server: &Server) -> Vec<TraceParent> {
    let seen = server.seen();
    let header = |seen: &super::server::Seen| seen.header("traceparent")[0].parse();
    seen.iter().map(|seen| header(seen).expect("as W3C writes it")).collect()
}

fn a_request_sends_the_place_that_its_span_has() {
    let server = hello();
    let spans = spans(&server.url(), async |client| {
        client.get("/item/7?colour=red").name("/item/{id}").await.expect("an answer");
        client.post("/basket").await.expect("an answer");
    });
    let places: Vec<TraceParent> = spans.iter().map(|span| span.traceparent).collect();
    assert_eq!(places, sent(&server));
    assert_ne!(places[0].trace_id, places[1].trace_id);
    let Span { class, user, kind, method, name, url, bytes, status, result, .. } = &spans[0];
    assert_eq!((class.as_str(), *user, *kind), ("Tester", 0, Kind::Http));
    assert_eq!((method.as_str(), name.as_str()), ("GET", "/item/{id}"));
    assert_eq!(url.as_deref(), Some(&*format!("{}/item/7?colour=red", server.url())));
    assert_eq!((*bytes, *status, result), (5, Some(200), &SpanResult::Ok));
    assert!(spans[0].end_ns <= spans[1].begin_ns, "one after the other");
}

fn what_fails_says_so_and_what_is_cut_off_too() {
    let server = Server::start(|seen| match seen.path() {
        "/gone" => answer("404 Not Found", "", "gone"),
        "/never" => Act::Silence(Vec::new()),
        _ => ok("hello"),
    });
    let spans = spans(&server.url(), async |client| {
        client.get("/gone").await.expect_err("404");
        client.get("/").check(|_| Err(TaskError::new("dull"))).await.expect_err("a check");
        client.get("/never").timeout(Duration::from_millis(50)).await.expect_err("too slow");
        client.get("nowhere").await.expect_err("no address");
        client.get("http://127.0.0.1:1/").await.expect_err("nobody listens");
        let cut = tokio::time::timeout(Duration::from_millis(50), client.get("/never"));
        cut.await.expect_err("cut off");
    });
    let failed = |span: &Span| match &span.result {
        SpanResult::Failed { cause, sort } => (cause.clone(), sort.clone()),
        result => (format!("{result:?}"), None),
    };
    let failed: Vec<_> = spans.iter().map(failed).collect();
    let failed: Vec<_> = failed.iter().map(|(cause, sort)| (&**cause, sort.as_deref())).collect();
    assert_eq!(failed[0], ("404 Not Found", None));
    assert_eq!(failed[1], ("check failed: dull", Some("check")));
    assert_eq!(failed[2], ("the request timed out after 50ms", Some("timeout")));
    assert_eq!(failed[3].1, Some("invalid"));
    assert_eq!(failed[4], ("connection refused", Some("connect")));
    assert_eq!(failed[5], ("Interrupted", None));
    assert_eq!(spans[3].url, None, "it could not be sent");
    assert_eq!(spans[4].url.as_deref(), Some("http://127.0.0.1:1/"));
}

fn redirects_are_of_one_span() {
    let server = Server::start(|seen| match seen.path() {
        "/from" => redirect(302, "/to"),
        _ => ok("hello"),
    });
    let spans = spans(&server.url(), async |client| {
        client.get("/from").await.expect("an answer");
    });
    assert_eq!(sent(&server), [spans[0].traceparent; 2]);
    assert_eq!(spans.len(), 1);
    assert_eq!(spans[0].url.as_deref(), Some(&*format!("{}/from", server.url())));
}

fn a_header_of_user_codes_own_wins() {
    let own = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let server = hello();
    let spans = spans(&server.url(), async |client| {
        client.get("/").header("traceparent", own).await.expect("an answer");
        client.default_header("traceparent", own).expect("valid");
        client.get("/").await.expect("an answer");
    });
    assert!(sent(&server).iter().all(|sent| sent.to_string() == own));
    assert_eq!(spans.len(), 2);
}

fn a_login_is_a_span_without_what_proves_it() {
    let server = Server::start(|seen| match seen.path() {
        "/login?code=c0de-of-ann" => ok(r#"{"token": "t0k3n-of-ann"}"#),
        _ => ok("hello"),
    });
    let spans = spans(&server.url(), async |client| {
        let login = TokenAuth::form("/login?code=c0de-of-ann", &[("pin", "91827364")]);
        client.authenticate(login).await.expect("logged in");
        client.get("/?token=t0k3n-of-ann").name("/").await.expect("an answer");
    });
    let [login, request] = &spans[..] else { panic!("{spans:?}") };
    assert_eq!((login.kind, request.kind), (Kind::Auth, Kind::Http));
    let urls = [login, request].map(|span| span.url.as_deref().expect("sent"));
    assert_eq!(urls, ["/login?***", "/?token=***"].map(|path| server.url() + path));
}
