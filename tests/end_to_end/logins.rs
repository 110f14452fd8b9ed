//! The example `logins` against real OAuth2 servers: every grant, tokens that expire, and everything that goes wrong.

use crate::examples::built;
use crate::load::tested;
use crate::oauth_server::{
    Client, Lifetimes, MACHINE, NATIVE, OAuthServer, PASSWORD, REDIRECT_URI, STRANGER, TRUSTED,
    USER, WEBSITE,
};
use serde_json::Value;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

const fn lifetimes(access: u64, refresh: u64) -> Lifetimes {
    Lifetimes { access: Duration::from_secs(access), refresh: Duration::from_secs(refresh) }
}

/// The load test of the example, built once.
static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| built("logins-example", ["logins"]));

/// How a run of a class ended.
struct Ended {
    code: Option<i32>,
    report: Value,
}

/// Runs a class against a provider, as a client of its; `more` are further settings and options.
fn run(issuer: &str, host: &str, class: &str, client: &Client, more: &str) -> Ended {
    // Without the example's own settings, which are for the demo site.
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = tested(&*PROGRAM);
    command.current_dir(folder.path()).env("SWARM_PACKAGE_DIR", folder.path());
    command.args(["--headless", "--json", "--only-summary", "--class", class, "--host", host]);
    for (name, value) in [
        ("PORTAL_ISSUER", issuer),
        ("PORTAL_CLIENT_ID", client.id),
        ("PORTAL_REDIRECT_URI", REDIRECT_URI),
        ("PORTAL_USERNAME", USER),
        ("PORTAL_PASSWORD", PASSWORD),
        ("PORTAL_SCOPE", "read"),
        ("PORTAL_PAGE", "/read"),
    ] {
        command.env(name, value);
    }
    if let Some(secret) = client.secret {
        command.env("PORTAL_CLIENT_SECRET", secret);
    }
    let output = command.args(more.split_whitespace()).output().expect("built");
    let stderr = String::from_utf8_lossy(&output.stderr);
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{stderr}"));
    Ended { code: output.status.code(), report }
}

impl Ended {
    /// The requests of logins that succeeded, where the name ends so.
    fn logins(&self, name: &str) -> u64 {
        let rows = self.report["requests"].as_array().expect("a list").iter();
        let these = rows.filter(|row| {
            row["kind"] == "auth" && row["name"].as_str().is_some_and(|it| it.ends_with(name))
        });
        let number = |row: &Value, field: &str| row[field].as_u64().expect("a number");
        these.map(|row| number(row, "requests") - number(row, "failures")).sum()
    }

    /// Checks that all went well, and that there was something.
    fn went_well(&self, what: &str) {
        let failures = &self.report["failures"];
        assert_eq!(self.code, Some(0), "{what}: {failures} {}", self.report["exceptions"]);
        assert!(self.report["totals"]["requests"].as_u64() > Some(10), "{what}");
    }

    /// The errors of users that could not log in, or of requests without a credential.
    fn errors(&self) -> String {
        format!("{} {}", self.report["failures"], self.report["exceptions"])
    }
}

#[test]
fn every_grant_of_a_real_server_works_and_is_renewed() {
    for (class, client) in [
        ("ServiceAccount", MACHINE),
        ("PasswordMember", TRUSTED),
        ("CodeMember", WEBSITE),
        ("CodeMember", NATIVE),
        ("CodeMember", STRANGER),
    ] {
        let server = OAuthServer::complete(lifetimes(2, 60));
        let ended = run(&server.issuer(), &server.url(), class, &client, "-u 3 -r 50 -t 5s");
        ended.went_well(client.id);
        let tokens = ended.logins("/o/token/");
        // A service shares its token; all are renewed at least once.
        let least = if class == "ServiceAccount" { 2 } else { 6 };
        assert!(tokens >= least, "{}: {tokens}", client.id);
        let answered = server.answered_at_last(tokens as usize);
        let given = answered.iter().filter(|line| *line == "POST /o/token/ 200").count() as u64;
        assert_eq!(given, tokens, "{}: what the server counts", client.id);
        let forms = u64::from(class == "CodeMember") * 3;
        assert_eq!(ended.logins("/login/"), forms * 2, "each opens the form and sends it, once");
    }
}

#[test]
fn a_thousand_users_renew_tokens_that_live_two_seconds() {
    let server = OAuthServer::quick(lifetimes(2, 60));
    let more = "-u 1000 -r 200 -t 15s --portal-shared=false";
    let ended = run(&server.issuer(), &server.url(), "ServiceAccount", &MACHINE, more);
    ended.went_well("a thousand users");
    assert_eq!(ended.report["totals"]["failures"], 0);
    let tokens = ended.logins("/token");
    assert!(tokens >= 3_000, "each more than once: {tokens}");
}

#[test]
fn a_refresh_token_that_is_no_good_any_more_is_followed_by_a_login() {
    // It expires before the access token is renewed.
    let server = OAuthServer::complete(lifetimes(3, 1));
    let ended =
        run(&server.issuer(), &server.url(), "PasswordMember", &TRUSTED, "-u 2 -r 50 -t 5s");
    assert_eq!(ended.report["totals"]["failures"], 0, "{}", ended.errors());
    let refused = "POST /o/token/ 400".to_owned();
    let answered = server.answered_at_last(ended.logins("/o/token/") as usize + 2);
    assert!(answered.contains(&refused), "{answered:?}");
    assert!(ended.logins("/o/token/") >= 4, "two logins, and two more");
}

#[test]
fn what_a_provider_refuses_is_told_in_its_words() {
    let server = OAuthServer::complete(lifetimes(60, 60));
    let (issuer, host) = (server.issuer(), server.url());
    let wrong_secret = Client { secret: Some("wrong"), ..MACHINE };
    thread::scope(|scope| {
        for (class, client, more, why) in [
            ("ServiceAccount", wrong_secret, "", "invalid_client"),
            ("PasswordMember", TRUSTED, "--portal-password wrong", "invalid_grant"),
            ("CodeMember", WEBSITE, "--portal-password wrong", "shows its form again"),
            ("PasswordMember", TRUSTED, "--portal-scope nonsense", "invalid_scope"),
            ("ServiceAccount", MACHINE, "--portal-issuer /nowhere", "no metadata"),
        ] {
            let (issuer, host) = (&issuer, &host);
            scope.spawn(move || {
                let more = format!("-u 2 -r 50 -t 2s {more}");
                let ended = run(issuer, host, class, &client, &more);
                assert_ne!(ended.code, Some(0), "{class} {more}");
                let errors = format!("{} {}", ended.errors(), ended.report["outcome"]);
                assert!(errors.contains(why), "{class} {more}: {errors}");
                assert!(ended.report["totals"]["requests"] == 0, "nobody is let in");
            });
        }
    });
}

#[test]
fn a_provider_that_is_dead_or_slow_is_named() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let slow = format!("http://{}", silent.local_addr().expect("bound"));
    for (issuer, why) in [
        ("http://127.0.0.1:1".to_owned(), "connection refused"),
        (slow, "the request timed out after 500ms"),
    ] {
        let more = "-u 3 -r 50 -t 2s --timeout 500ms";
        let ended = run(&issuer, "http://127.0.0.1:1", "ServiceAccount", &MACHINE, more);
        assert_ne!(ended.code, Some(0));
        assert!(ended.errors().contains(why), "{}", ended.errors());
        // One asks for all, and the next time is later.
        let asked = ended.report["wire"].as_object().expect("counts").values();
        let asked: u64 = asked.map(|count| count.as_u64().expect("a number")).sum();
        assert!(asked <= 4, "{asked}");
    }
}
