//! Credentials that expire or are refused.

use super::server::{Act, Server, answer, ok};
use super::{causes, counts, for_both_clients, play};
use crate::auth::{BasicAuth, TokenAuth};
use crate::http::{HttpClient, Request};
use crate::settings::Secret;
use crate::stats::{Kind, Wire};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;
use tokio::join;
use tokio::time::{Instant, sleep};

for_both_clients![
    a_credential_is_renewed_before_it_expires,
    requests_side_by_side_renew_once,
    what_is_refused_is_renewed_once_and_sent_again,
    what_stays_refused_fails,
    a_stream_is_renewed_too,
    a_provider_that_fails_is_left_in_peace,
    the_time_of_a_login_is_no_requests,
];

/// Gives the tokens `t-0`, `t-1`, … with this lifetime, and decides by the token's number and that of the login who may see pages.
fn server(lifetime: f64, may: impl Fn(usize, usize) -> bool + Send + Sync + 'static) -> Server {
    let logins = AtomicUsize::new(0);
    Server::start(move |seen| {
        if seen.path() == "/login" {
            let number = logins.fetch_add(1, SeqCst);
            return ok(&format!(r#"{{"token": "t-{number}", "expires_in": {lifetime}}}"#));
        }
        let header = seen.header("authorization").join("");
        let number = header.strip_prefix("Bearer t-").and_then(|number| number.parse().ok());
        let known = number.is_some_and(|number| may(number, logins.load(SeqCst)));
        if known { ok("hello") } else { answer("401 Unauthorized", "", "who are you?") }
    })
}

fn login() -> TokenAuth {
    TokenAuth::login("/login", "ann", &Secret::new("hunter2"))
}

async fn logged_in(client: &HttpClient) -> &HttpClient {
    client.authenticate(login()).await.expect("a token");
    client
}

fn logins(server: &Server) -> usize {
    server.seen().iter().filter(|seen| seen.path() == "/login").count()
}

fn a_credential_is_renewed_before_it_expires() {
    // Only the newest token is good.
    let server = server(0.2, |token, logins| token + 1 == logins);
    let delta = play(&server.url(), async |client| {
        let client = logged_in(client).await;
        let until = Instant::now() + Duration::from_secs(1);
        while Instant::now() < until {
            client.get("/page").await.expect("a credential that is good");
            sleep(Duration::from_millis(5)).await;
        }
    });
    let times = logins(&server);
    // Every 150 to 180 ms, if this machine is not too slow for that.
    assert!((2..=7).contains(&times), "{times}");
    let auth = delta.requests.iter().filter(|(key, _)| key.kind == Kind::Auth);
    assert_eq!(auth.map(|(_, counts)| counts.ok.count()).sum::<u64>(), times as u64);
    assert_eq!(causes(&delta), [""; 0]);
}

fn requests_side_by_side_renew_once() {
    let server = server(0.01, |_, _| true);
    play(&server.url(), async |client| {
        let client = logged_in(client).await;
        sleep(Duration::from_millis(20)).await;
        let get = || client.get("/page");
        let (one, two, three) = join!(get(), get(), get());
        assert!(one.is_ok() && two.is_ok() && three.is_ok());
    });
    let seen = server.seen();
    let before_pages = seen.iter().take_while(|seen| seen.path() == "/login").count();
    assert_eq!(before_pages, 2, "one login, one renewal, then the pages");
}

fn what_is_refused_is_renewed_once_and_sent_again() {
    let server = server(3_600.0, |token, _| token > 0);
    let delta = play(&server.url(), async |client| {
        let client = logged_in(client).await;
        for _ in 0..3 {
            let page = client.post("/page").body("a body").await.expect("with the second token");
            assert_eq!(page.text(), Ok("hello"));
        }
    });
    assert_eq!(logins(&server), 2);
    let pages: Vec<String> = server.seen().into_iter().map(|seen| seen.body).collect();
    assert_eq!(pages, ["", "a body", "", "a body", "a body", "a body"]);
    assert_eq!(counts(&delta, "/page").status, [(200, 3)], "one sample for each");
    assert_eq!(delta.wire, Wire { answered: 6, ..Wire::default() });
}

fn what_stays_refused_fails() {
    let server = server(3_600.0, |_, _| false);
    let delta = play(&server.url(), async |client| {
        let client = logged_in(client).await;
        let error = client.get("/page").await.expect_err("refused twice");
        assert_eq!(error.response().expect("an answer").text(), Ok("who are you?"));
    });
    assert_eq!(server.seen().len(), 4, "login, page, login, page");
    assert_eq!(causes(&delta), ["401 Unauthorized"]);

    // The same name and password again would be no better.
    let server = Server::start(|_| answer("401 Unauthorized", "", ""));
    play(&server.url(), async |client| {
        let login = BasicAuth::new("ann", &Secret::new("hunter2"));
        client.authenticate(login).await.expect("asks for nothing");
        client.get("/").await.expect_err("refused");
    });
    let [only] = &server.seen()[..] else { panic!("sent again") };
    assert_eq!(only.header("authorization"), ["Basic YW5uOmh1bnRlcjI="]);
}

fn a_stream_is_renewed_too() {
    let server = server(3_600.0, |token, _| token > 0);
    play(&server.url(), async |client| {
        let mut stream = logged_in(client).await.get("/page").stream().await.expect("a head");
        assert_eq!(stream.chunk().await.expect("a piece").as_deref(), Some(&b"hello"[..]));
    });
    assert_eq!(logins(&server), 2);
}

fn a_provider_that_fails_is_left_in_peace() {
    let server = Server::start(|seen| match (seen.path(), seen.before) {
        ("/login", 0) => ok(r#"{"token": "t-0", "expires_in": 0.3}"#),
        ("/login", _) => answer("503 Service Unavailable", "", ""),
        _ => ok("hello"),
    });
    let delta = play(&server.url(), async |client| {
        let client = logged_in(client).await;
        // From now on it is time for a new one, but the old one is still good.
        sleep(Duration::from_millis(275)).await;
        let in_time = Instant::now();
        let page = client.get("/page").await;
        if in_time.elapsed() < Duration::from_millis(20) {
            page.expect("the old one is good");
        }
        sleep(Duration::from_millis(50)).await;
        for _ in 0..20 {
            client.get("/late").await.expect_err("no credential");
        }
    });
    assert!(logins(&server) <= 3, "twenty requests do not ask twenty times");
    assert_eq!(counts(&delta, "/late").failed.count(), 20);
    let why = "no credential: login failed: 503 Service Unavailable";
    assert!(causes(&delta).contains(&why), "{:?}", causes(&delta));
    assert!(server.seen().iter().all(|seen| seen.path() != "/late"), "nothing is sent without");
}

fn the_time_of_a_login_is_no_requests() {
    let server = Server::start(|seen| match (seen.path(), seen.before) {
        ("/login", 0) => ok(r#"{"token": "t-0", "expires_in": 0}"#),
        ("/login", _) => {
            std::thread::sleep(Duration::from_millis(300));
            ok(r#"{"token": "t-1"}"#)
        }
        _ => Act::Send(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_vec()),
    });
    let delta = play(&server.url(), async |client| {
        let request: Request = logged_in(client).await.get("/page");
        request.await.expect("an answer");
    });
    let page = counts(&delta, "/page").ok.max().expect("one");
    let login = counts(&delta, "/login").ok.max().expect("two");
    assert!(login >= 300_000.0 && page < login, "{page} {login}");
}
