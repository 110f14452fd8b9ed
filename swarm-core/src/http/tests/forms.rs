//! Logging in by the form of a web page.

use super::server::{Seen, Server, answer, ok, redirect};
use super::{causes, for_both_clients, play};
use crate::auth::FormAuth;
use crate::error::OrFail as _;
use crate::settings::Secret;

for_both_clients![
    the_form_is_filled_in_with_what_it_hides_and_the_cookies_are_kept,
    a_login_that_did_not_work_is_told,
    an_expired_session_is_followed_by_another,
];

const FORM: &str = r#"<form method="post" action="?step=2"><input type="hidden" name="csrf"
    value="c-1"><input name="user" value="nobody"><input type="password" name="password"></form>"#;

/// A site with a login form, which knows one password; a session's cookie is `s-` and the number of requests before it.
fn site(seen: &Seen) -> super::server::Act {
    let cookies = seen.header("cookie").join("; ");
    match (seen.path(), seen.body.as_str()) {
        ("/login", _) => answer("200 OK", "set-cookie: csrf=c-1\r\n", FORM),
        ("/login?step=2", "csrf=c-1&user=ann&password=hunter2") if cookies.contains("csrf=c-1") => {
            let session = format!("set-cookie: session=s-{}; Path=/\r\n", seen.before);
            answer("302 Found", &format!("location: /home\r\n{session}"), "")
        }
        ("/login?step=2", _) => answer("200 OK", "", FORM),
        ("/broken", _) => redirect(302, "/nowhere"),
        ("/nowhere", _) => answer("404 Not Found", "", "no form here"),
        ("/plain", _) => ok("no form here"),
        // A session is good for three pages.
        ("/page", _) if cookies.contains("session=s-1") && seen.before > 5 => {
            answer("401 Unauthorized", "", "")
        }
        _ if cookies.contains("session=s-") => ok("welcome"),
        _ => answer("401 Unauthorized", "", ""),
    }
}

fn form(page: &str, password: &str) -> FormAuth {
    FormAuth::new(page).field("user", "ann").secret("password", &Secret::new(password))
}

fn the_form_is_filled_in_with_what_it_hides_and_the_cookies_are_kept() {
    let server = Server::start(site);
    play(&server.url(), async |client| {
        client.authenticate(form("/login", "hunter2")).await.expect("logged in");
        assert_eq!(client.get("/page").await.expect("a session").text(), Ok("welcome"));
    });
    let sent = &server.seen()[1];
    let page = format!("{}/login", server.url());
    assert_eq!(sent.header("referer"), [page.as_str()]);
    assert_eq!(sent.header("origin"), [server.url().as_str()]);
}

fn a_login_that_did_not_work_is_told() {
    let server = Server::start(site);
    for (login, why) in [
        (form("/login", "wrong"), "login failed: the form is shown again"),
        (form("/broken", "hunter2"), "login failed: 404 Not Found"),
        (form("/plain", "hunter2"), "login failed: there is no form at /plain"),
        (
            form("/login", "hunter2")
                .check(|answer| answer.at::<u32>("/id").is_ok().or_fail("no id")),
            "login failed: no id",
        ),
    ] {
        let delta = play(&server.url(), async |client| {
            let error = client.authenticate(login).await.expect_err(why);
            assert_eq!(crate::error::chain(&error), why);
            assert!(!format!("{error:?}").contains("hunter2"));
        });
        let recorded = usize::from(!why.contains("there is no form"));
        assert_eq!(causes(&delta).len(), recorded, "{why}");
    }
}

fn an_expired_session_is_followed_by_another() {
    let server = Server::start(site);
    let delta = play(&server.url(), async |client| {
        client.authenticate(form("/login", "hunter2")).await.expect("logged in");
        for _ in 0..6 {
            client.get("/page").await.expect("a session");
        }
    });
    let logins = server.seen().into_iter().filter(|seen| seen.path() == "/login").count();
    assert_eq!((logins, causes(&delta).len()), (2, 0));
}
