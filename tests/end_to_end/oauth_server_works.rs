//! What `oauth_server.rs` says of the two servers, with plain requests.

use crate::oauth_server::{
    Client, Lifetimes, MACHINE, NATIVE, OAuthServer, PASSWORD, REDIRECT_URI, STRANGER, TRUSTED,
    USER, WEBSITE,
};
use crate::plain_http::{Answer, Browser, Fields, encoded, in_query};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::time::Duration;

/// Of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

const LONG: Lifetimes =
    Lifetimes { access: Duration::from_secs(3_600), refresh: Duration::from_secs(3_600) };

fn fields(pairs: &[(&str, &str)]) -> Fields {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// A request for a token, or of another endpoint that wants to know the client.
fn ask(url: &str, client: &Client, secret: Option<&str>, pairs: &[(&str, &str)]) -> Answer {
    let mut fields = fields(pairs);
    let mut header = String::new();
    if let Some(secret) = secret {
        let pair = encoded(&vec![(client.id.to_owned(), secret.to_owned())]).replace('=', ":");
        header = format!("authorization: Basic {}\r\n", STANDARD.encode(pair));
    } else {
        fields.push(("client_id".to_owned(), client.id.to_owned()));
    }
    Browser::default().post(url, &header, &fields)
}

fn token(server: &OAuthServer, client: &Client, pairs: &[(&str, &str)]) -> Answer {
    ask(&server.token_url(), client, client.secret, pairs)
}

fn refreshed(server: &OAuthServer, client: &Client, refresh_token: &str) -> Answer {
    let pairs = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
    token(server, client, &pairs)
}

fn opens(server: &OAuthServer, path: &str, token: &str) -> Answer {
    let header = format!("authorization: Bearer {token}\r\n");
    Browser::default().get(&format!("{}{path}", server.url()), &header)
}

fn refused(answer: &Answer, status: u16, error: &str) {
    assert_eq!((answer.status, answer.text("error").as_str()), (status, error), "{answer:?}");
}

/// Logs in by the forms, with this password, and agrees; ends where a browser would: with a URL that nothing listens at, or a page that is no step on the way.
fn log_in(server: &OAuthServer, client: &Client, password: &str) -> Result<String, Answer> {
    let mut browser = Browser::default();
    let query = fields(&[
        ("response_type", "code"),
        ("client_id", client.id),
        ("redirect_uri", REDIRECT_URI),
        ("scope", "openid read"),
        ("state", "a b&c"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]);
    let mut url = format!("{}?{}", server.authorize_url(), encoded(&query));
    let mut answer = browser.get(&url, "");
    for _ in 0..10 {
        if let Some(location) = answer.location() {
            if location.starts_with(REDIRECT_URI) {
                return Ok(location.to_owned());
            }
            let relative = location.starts_with('/');
            url = if relative { server.url() + location } else { location.to_owned() };
            answer = browser.get(&url, "");
            continue;
        }
        if answer.status != 200 || answer.body.contains("class=\"errorlist") {
            return Err(answer);
        }
        let (action, mut filled) = answer.form();
        url = action.unwrap_or(url);
        for (name, value) in &mut filled {
            match name.as_str() {
                "username" | "login" => USER.clone_into(value),
                "password" => password.clone_into(value),
                _ => {}
            }
        }
        answer = browser.post(&url, "", &filled);
    }
    panic!("no end of it: {answer:?}")
}

/// What a code is worth.
fn redeemed(server: &OAuthServer, client: &Client, code: &str, verifier: &str) -> Answer {
    let pairs = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", verifier),
    ];
    token(server, client, &pairs)
}

fn gives_codes(server: &OAuthServer) {
    for client in [WEBSITE, NATIVE, STRANGER] {
        let code_of = |location: &str| in_query(location, "code").expect("a code");
        let location = log_in(server, &client, PASSWORD).expect("logged in");
        assert_eq!(
            in_query(&location, "state").map(|state| state.replace('+', " ")).as_deref(),
            Some("a b&c")
        );
        let answer = redeemed(server, &client, &code_of(&location), VERIFIER);
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.text("id_token").split('.').count(), 3);
        let opened = opens(server, "/read", &answer.text("access_token"));
        assert_eq!(opened.status, 200, "{opened:?}");
        assert!(refreshed(server, &client, &answer.text("refresh_token")).status == 200);

        let again = redeemed(server, &client, &code_of(&location), VERIFIER);
        refused(&again, 400, "invalid_grant");
        let other = log_in(server, &client, PASSWORD).expect("logged in");
        let stolen = redeemed(server, &client, &code_of(&other), &VERIFIER.to_lowercase());
        refused(&stolen, 400, "invalid_grant");
    }
}

fn gives_machines_tokens(server: &OAuthServer) {
    let pairs = [("grant_type", "client_credentials"), ("scope", "read")];
    let answer = token(server, &MACHINE, &pairs);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.json()["expires_in"], 3_600);
    assert_eq!(answer.text("token_type"), "Bearer");
    assert!(answer.json().get("refresh_token").is_none());
    let access = answer.text("access_token");
    assert_eq!(opens(server, "/read", &access).status, 200);
    assert_eq!(opens(server, "/write", &access).status, 403);
    assert_eq!(opens(server, "/read", "made up").status, 401);
    assert_eq!(opens(server, "/read", "").status, 401);

    let wrong = ask(&server.token_url(), &MACHINE, Some("wrong"), &pairs);
    refused(&wrong, 401, "invalid_client");

    for known in [&access, "made up"] {
        let revoked = ask(&server.revoke_url(), &MACHINE, MACHINE.secret, &[("token", known)]);
        assert_eq!(revoked.status, 200, "{revoked:?}");
    }
    assert_eq!(opens(server, "/read", &access).status, 401);
}

/// Refresh tokens are used once; one that is revoked takes its access token along. What happens to the old access token, and after a second use, the servers see
/// differently.
fn rotates(
    server: &OAuthServer,
    client: &Client,
    logged_in: impl Fn() -> Answer,
    old: u16,
    misused: u16,
) {
    let first = logged_in();
    let (first_access, first_refresh) = (first.text("access_token"), first.text("refresh_token"));
    let second = refreshed(server, client, &first_refresh);
    assert_eq!(second.status, 200, "{second:?}");
    assert_eq!(second.json()["expires_in"], 3_600);
    assert_eq!(opens(server, "/read", &first_access).status, old);
    let (access, refresh) = (second.text("access_token"), second.text("refresh_token"));
    assert_ne!(refresh, first_refresh);
    assert_eq!(opens(server, "/read", &access).json()["user"], USER);
    refused(&refreshed(server, client, &first_refresh), 400, "invalid_grant");
    assert_eq!(opens(server, "/read", &access).status, misused);

    let other = logged_in();
    let (access, refresh) = (other.text("access_token"), other.text("refresh_token"));
    let revoked = ask(&server.revoke_url(), client, client.secret, &[("token", &refresh)]);
    assert_eq!(revoked.status, 200, "{revoked:?}");
    assert_eq!(opens(server, "/read", &access).status, 401);
    refused(&refreshed(server, client, &refresh), 400, "invalid_grant");
}

fn is_discovered(server: &OAuthServer) {
    let url = server.issuer() + "/.well-known/openid-configuration";
    let found = Browser::default().get(&url, "");
    assert_eq!(found.text("issuer"), server.issuer());
    assert_eq!(found.text("authorization_endpoint"), server.authorize_url());
    assert_eq!(found.text("token_endpoint"), server.token_url());
}

fn by_password(server: &OAuthServer, password: &str) -> Answer {
    let pairs = [("grant_type", "password"), ("username", USER), ("password", password)];
    token(server, &TRUSTED, &pairs)
}

fn by_code(server: &OAuthServer) -> Answer {
    let location = log_in(server, &NATIVE, PASSWORD).expect("logged in");
    redeemed(server, &NATIVE, &in_query(&location, "code").expect("a code"), VERIFIER)
}

#[test]
fn the_complete_server_has_every_grant() {
    let server = OAuthServer::complete(LONG);
    is_discovered(&server);
    gives_machines_tokens(&server);
    gives_codes(&server);
    let pairs = [("grant_type", "client_credentials"), ("scope", "admin")];
    refused(&token(&server, &MACHINE, &pairs), 400, "invalid_scope");
    refused(&by_password(&server, "wrong"), 400, "invalid_grant");
    rotates(&server, &TRUSTED, || by_password(&server, PASSWORD), 401, 200);
    let lines = server.answered_at_last(2);
    assert!(lines.contains(&"POST /o/token/ 200".to_owned()), "{lines:?}");
}

#[test]
fn the_complete_server_has_a_real_login_form() {
    let server = OAuthServer::complete(LONG);
    let again = log_in(&server, &NATIVE, "wrong").expect_err("not logged in");
    assert_eq!(again.status, 200, "the form again");
    let url = server.url() + "/login/?next=/read";
    let mut browser = Browser::default();
    let (action, mut filled) = browser.get(&url, "").form();
    assert_eq!(action, None);
    let names: Vec<&str> = filled.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["csrfmiddlewaretoken", "username", "password", "next"]);
    USER.clone_into(&mut filled[1].1);
    PASSWORD.clone_into(&mut filled[2].1);
    assert_eq!(browser.post(&url, "", &filled[1..].to_vec()).status, 403, "without the token");
    assert_eq!(Browser::default().post(&url, "", &filled).status, 403, "without the cookie");
    let entered = browser.post(&url, "", &filled);
    assert_eq!((entered.status, entered.location()), (302, Some("/read")), "{entered:?}");
}

#[test]
fn the_quick_server_has_machines_and_codes() {
    let server = OAuthServer::quick(LONG);
    is_discovered(&server);
    gives_machines_tokens(&server);
    gives_codes(&server);
    rotates(&server, &NATIVE, || by_code(&server), 200, 401);
}

#[test]
fn tokens_of_both_expire() {
    let short = Lifetimes { access: Duration::from_secs(2), refresh: Duration::from_secs(1) };
    let complete = OAuthServer::complete(short);
    let quick = OAuthServer::quick(short);
    let of_complete = by_password(&complete, PASSWORD);
    let of_quick = by_code(&quick);
    for (server, client, answer) in [(complete, TRUSTED, of_complete), (quick, NATIVE, of_quick)] {
        assert_eq!(answer.json()["expires_in"], 2, "{answer:?}");
        let access = answer.text("access_token");
        while opens(&server, "/read", &access).status != 401 {
            std::thread::sleep(Duration::from_millis(50));
        }
        // It lived half as long.
        refused(&refreshed(&server, &client, &answer.text("refresh_token")), 400, "invalid_grant");
    }
}
