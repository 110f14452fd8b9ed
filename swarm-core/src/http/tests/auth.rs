//! Logging in.

use super::server::{Seen, Server, answer, ok};
use super::{counts, for_both_clients, play};
use crate::auth::{AuthError, Authenticator, Credential, TokenAuth};
use crate::http::{HttpClient, RequestError};
use crate::settings::Secret;
use crate::stats::{Delta, Kind};

for_both_clients![
    a_token_is_fetched_and_sent_from_then_on,
    a_second_login_does_not_send_the_first_credential,
    a_login_that_fails_says_why_and_tells_no_secret,
    a_mechanism_of_ones_own_takes_a_few_lines,
];

/// Answers a login with this, all else with `hello`.
fn server(status: &'static str, body: &'static str) -> Server {
    Server::start(move |seen| match seen.path() {
        "/login" => answer(status, "", body),
        _ => ok("hello"),
    })
}

fn requests(server: &Server, path: &str) -> Vec<Seen> {
    server.seen().into_iter().filter(|seen| seen.path() == path).collect()
}

fn kinds(delta: &Delta) -> Vec<(Kind, &str)> {
    delta.requests.keys().map(|key| (key.kind, &*key.name)).collect()
}

fn a_token_is_fetched_and_sent_from_then_on() {
    for (body, pointer) in [
        (r#"{"token": "t-1"}"#, None),
        (r#"{"access_token": "t-1"}"#, None),
        (r#"{"data": {"keys": ["t-0", "t-1"]}}"#, Some("/data/keys/1")),
    ] {
        let server = server("200 OK", body);
        let delta = play(&server.url(), async |client| {
            client.get("/before").await.expect("an answer");
            let login = TokenAuth::login("/login", "ann", &Secret::new("hunter2"));
            let login = pointer.map_or(login.clone(), |pointer| login.token_at(pointer));
            client.authenticate(login).await.expect("logged in");
            client.get("/after").await.expect("an answer");
        });
        let header = |path| requests(&server, path)[0].header("authorization").join(",");
        assert_eq!(header("/before"), "");
        assert_eq!(header("/login"), "Basic YW5uOmh1bnRlcjI=");
        assert_eq!(header("/after"), "Bearer t-1", "{body}");
        assert_eq!(
            kinds(&delta),
            [(Kind::Http, "/before"), (Kind::Auth, "/login"), (Kind::Http, "/after")]
        );
    }
}

fn a_second_login_does_not_send_the_first_credential() {
    let server = server("200 OK", r#"{"token": "t-1"}"#);
    play(&server.url(), async |client| {
        for name in ["ann", "bob"] {
            let login = TokenAuth::login("/login", name, &Secret::new("x"));
            client.authenticate(login).await.expect("logged in");
        }
    });
    let logins = requests(&server, "/login");
    assert_eq!(logins[1].header("authorization"), ["Basic Ym9iOng="]);
}

fn a_login_that_fails_says_why_and_tells_no_secret() {
    for (status, body, message, is_request) in [
        ("401 Unauthorized", "who?", "login failed: 401 Unauthorized", true),
        ("200 OK", "s3cr3t", "login failed: the answer is not what was expected", false),
        (
            "200 OK",
            r#"{"tok": "s3cr3t"}"#,
            "login failed: /login answered without a token at /token or /access_token",
            false,
        ),
    ] {
        let server = server(status, body);
        let delta = play(&server.url(), async |client| {
            let login = TokenAuth::login("/login", "ann", &Secret::new("hunter2"));
            let error = client.authenticate(login).await.expect_err(message);
            let error = crate::error::TaskError::from(error);
            assert_eq!(error.to_string(), message);
            assert_eq!(error.find::<RequestError>().is_some(), is_request, "{message}");
            client.get("/after").await.expect("an answer");
        });
        assert!(!format!("{delta:?}").contains("s3cr3t"), "{delta:?}");
        assert_eq!(counts(&delta, "/login").failed.count(), u64::from(is_request));
        assert_eq!(requests(&server, "/after")[0].header("authorization"), [""; 0]);
    }
}

/// A way to log in of a user's own.
struct KeyAuth(Secret);

impl Authenticator for KeyAuth {
    async fn login(&self, client: &HttpClient) -> Result<Credential, AuthError> {
        let answer = client.post("/login").json(&[self.0.expose()]).await?;
        Ok(Credential::bearer(&Secret::new(answer.text()?)))
    }
}

fn a_mechanism_of_ones_own_takes_a_few_lines() {
    let server = server("200 OK", "k-7");
    play(&server.url(), async |client| {
        client.authenticate(KeyAuth(Secret::new("key"))).await.expect("logged in");
        client.get("/after").await.expect("an answer");
    });
    assert_eq!(requests(&server, "/login")[0].body, r#"["key"]"#);
    assert_eq!(requests(&server, "/after")[0].header("authorization"), ["Bearer k-7"]);
}
