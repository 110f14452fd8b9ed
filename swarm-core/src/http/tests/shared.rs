//! One credential for many users.

use super::server::{Act, Server, answer, ok};
use super::{causes, for_both_clients, play};
use crate::auth::{Shared, TokenAuth};
use crate::http::HttpClient;
use crate::settings::Secret;
use crate::stats::Wire;
use std::time::Duration;
use tokio::time::timeout;

for_both_clients![
    many_users_log_in_once,
    who_is_gone_before_the_end_is_followed_by_the_next,
    a_failed_login_is_told_to_all_and_tried_again_later,
    names_keep_credentials_apart,
];

const TOKEN: &str = r#"{"token": "t-0", "expires_in": 3600}"#;

fn login(name: &str) -> Shared<TokenAuth> {
    Shared::new(name, TokenAuth::login("/login", "ann", &Secret::new("hunter2")))
}

/// So many users of the class, each with a client of its own.
fn users(client: &HttpClient, number: usize) -> Vec<HttpClient> {
    let user = |_| HttpClient::builder().build(client.context()).expect("a host");
    (0..number).map(user).collect()
}

fn many_users_log_in_once() {
    let server =
        Server::start(|seen| if seen.path() == "/login" { ok(TOKEN) } else { ok("hello") });
    play(&server.url(), async |client| {
        let users = users(client, 20);
        let all = users.iter().map(async |user| {
            user.authenticate(login("shop")).await.expect("a token");
            user.get("/page").await.expect("an answer");
        });
        futures_util::future::join_all(all).await;
    });
    let seen = server.seen();
    let pages = seen.iter().filter(|seen| seen.header("authorization") == ["Bearer t-0"]);
    assert_eq!((seen.len(), pages.count()), (21, 20));
}

fn who_is_gone_before_the_end_is_followed_by_the_next() {
    let server = Server::start(|seen| match seen.before {
        0 => Act::Silence(Vec::new()),
        _ => ok(TOKEN),
    });
    let delta = play(&server.url(), async |client| {
        let users = users(client, 2);
        let [first, second] = &users[..] else { panic!("two") };
        let first = timeout(Duration::from_millis(100), first.authenticate(login("shop")));
        let (first, second) = tokio::join!(first, second.authenticate(login("shop")));
        first.expect_err("cut off");
        second.expect("a token");
    });
    assert_eq!(delta.wire, Wire { answered: 1, sent_unanswered: 1, ..Wire::default() });
}

fn a_failed_login_is_told_to_all_and_tried_again_later() {
    let server = Server::start(|seen| match seen.before {
        0 => answer("503 Service Unavailable", "", ""),
        _ => ok(TOKEN),
    });
    let delta = play(&server.url(), async |client| {
        for user in &users(client, 10) {
            let error = user.authenticate(login("shop")).await.expect_err("not yet");
            assert!(crate::error::chain(&error).contains("503 Service Unavailable"), "{error}");
        }
        tokio::time::sleep(Duration::from_millis(600)).await;
        client.authenticate(login("shop")).await.expect("half a second later");
    });
    assert_eq!((server.seen().len(), causes(&delta)), (2, vec!["503 Service Unavailable"]));
}

fn names_keep_credentials_apart() {
    let server = Server::start(|_| ok(TOKEN));
    play(&server.url(), async |client| {
        for name in ["shop", "stock", "shop", "stock"] {
            client.authenticate(login(name)).await.expect("a token");
        }
    });
    assert_eq!(server.seen().len(), 2);
}
