//! Requests that are kept to be looked at.

use super::server::{Server, answer, ok, redirect};
use super::{for_both_clients, play};
use crate::auth::TokenAuth;
use crate::path;
use crate::settings::Secret;
use crate::stats::{Example, Kind};

for_both_clients![
    the_first_of_each_cause_is_kept_as_it_was,
    the_slowest_are_kept_without_what_is_secret,
];

fn the_first_of_each_cause_is_kept_as_it_was() {
    let server = Server::start(|seen| match seen.path() {
        "/moved/7" => redirect(302, "/gone?why=7"),
        path if path.starts_with("/gone") => answer("410 Gone", "", &"gone ".repeat(200)),
        _ => ok("nothing of use"),
    });
    let delta = play(&server.url(), async |client| {
        for id in [7, 8] {
            let _ = client.get(path!("/moved/{id}")).await;
            let _ = client.get(path!("/gone/{id}")).await;
        }
        let check = client.get("/").check(|_| Err(crate::error::TaskError::new("no use")));
        check.await.expect_err("it has none");
    });
    let failed: Vec<&Example> = delta.examples.failed.values().collect();
    let [moved, gone, checked] = failed[..] else { panic!("{failed:?}") };
    assert_eq!((moved.name.as_str(), moved.status), ("/moved/{id}", Some(410)));
    assert!(moved.url.ends_with("/gone?why=7"), "where it went in the end: {}", moved.url);
    assert_eq!(gone.url, "/gone/7");
    assert_eq!(gone.error.as_deref(), Some("410 Gone"));
    assert_eq!(gone.body.as_ref().map(String::len), Some(500), "the beginning of a long body");
    assert_eq!(checked.error.as_deref(), Some("check failed: no use"));
    assert_eq!(checked.body.as_deref(), Some("nothing of use"));
    assert_eq!((checked.class.as_str(), checked.user), ("Tester", 0));
}

fn the_slowest_are_kept_without_what_is_secret() {
    let server = Server::start(|seen| match seen.path() {
        "/login" => ok(r#"{"token": "a-token"}"#),
        _ => ok("you are a-token"),
    });
    let delta = play(&server.url(), async |client| {
        let login = TokenAuth::login("/login", "demo", &Secret::new("password"));
        client.authenticate(login).await.expect("a token");
        client.get("/?token=a-token").name("/").await.expect("an answer");
    });
    let [login, page] = [Kind::Auth, Kind::Http].map(|kind| {
        let mut these = delta.examples.slow.iter().filter(|example| example.kind == kind);
        these.next().expect("one of two")
    });
    assert_eq!((login.status, login.body.as_deref()), (Some(200), None));
    assert_eq!(page.body.as_deref(), Some("you are ***"));
    assert_eq!((page.url.as_str(), page.error.as_deref()), ("/?token=***", None));
}
