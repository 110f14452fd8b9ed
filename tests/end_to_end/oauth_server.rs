//! Real OAuth2 servers that are not ours, for a test to log in at: django-oauth-toolkit with all that a company's login has, and oidc-provider, ten times as quick.
//!
//! What they do on the wire (D: django-oauth-toolkit, O: oidc-provider; `logins.rs` shows most of it):
//!
//! | | D | O |
//! |---|---|---|
//! | discovery (GET) | `/o/.well-known/openid-configuration` | `/.well-known/openid-configuration` |
//! | authorization (GET) | `/o/authorize/` | `/auth` |
//! | token (POST, a form) | `/o/token/` | `/token` |
//! | revocation (POST, a form: `token`) | `/o/revoke_token/`, not in its discovery document | `/token/revocation` |
//! | password grant | yes | no |
//! | scope if none is asked for | `read` | none |
//! | scope that does not exist | 400 `invalid_scope` | is left out |
//! | client credentials wrong | 401 `invalid_client` | the same |
//! | secret not encoded (see below) | 401 `invalid_client` | 400 `invalid_request` |
//! | name or password wrong (grant) | 400 `invalid_grant` | |
//! | code used or made up, verifier wrong | 400 `invalid_grant` | the same |
//! | refresh token used, revoked, expired, or made up | 400 `invalid_grant` | the same |
//! | a refresh | ends the old access token at once | leaves it be |
//! | a refresh with a used token | fails | fails, and ends every token of that login |
//! | revoking a refresh token | ends its access token | ends every token of that login |
//! | revoking anything else | 200 | 200 |
//!
//! * **Errors** of the token endpoint are JSON: `{"error": "invalid_grant", "error_description": …}`; D often leaves the description out, and has a space after a colon.
//! * **Client**: `client_id` and `client_secret` as basic credentials, each form-encoded first (RFC 6749, 2.3.1); the secret here has characters for which that matters.
//!   D also takes them as fields of the form. A public client sends `client_id` as a field, and no secret. Codes want PKCE (`S256`) of every client.
//! * **Token**: `access_token`, `token_type` (`Bearer`), `expires_in` (seconds), `scope`; `refresh_token`, always a new one, unless the grant is client credentials;
//!   `id_token` if the scope has `openid` (O signs another one for each refresh, which costs four times the rest).
//! * **Login form** (D): `/o/authorize/` answers 302 to `/login/?next=…`, without a host. The page has one form without `action`: it goes to the URL of the page. Its
//!   fields are `csrfmiddlewaretoken` (hidden, another value in each page), `username`, `password` and `next` (hidden). The page sets the cookie `csrftoken`; a POST
//!   without it, or without the field, gives 403. A wrong password gives 200 and the form again, with `class="errorlist…"`. The right one gives 302 to `next`, the cookie
//!   `sessionid`, and another `csrftoken`. Who has a session gets a code without a form.
//! * **Consent form** (D, client `stranger` only): `/o/authorize/` answers 200 with a form without `action`, with hidden fields (`csrfmiddlewaretoken` among them), and two
//!   buttons: `<input type="submit" name="allow" value="Authorize">` agrees, the one before it has no name and refuses (`?error=access_denied`).
//! * **Login form** (O): `/auth` answers 303 to `/interaction/<id>`, without a host; its form has an absolute `action` (the same URL), `prompt` (hidden), `login` and
//!   `password` (any will do), and no CSRF token, but there are cookies for that path and for `/auth/<id>`. The answer is 303 to `/auth/<id>`, with a host, from there
//!   303 to a consent form of the same kind (`prompt` is its only field), which every client has.
//! * **Code**: at last 302 (O: 303) to `redirect_uri?code=…&state=…` (O: also `iss`). Nothing listens there: a client takes the code from `Location`, and does not follow.
//!   What is wrong with the request is told as `?error=…` there, but for an unknown client or redirect URI: 400 and a page (D: once logged in).
//! * **Resources**: `/read` and `/write` want a bearer token of that scope, and answer `{"user": name or null}`; 403 without the scope, 401 without a valid token, both with
//!   `WWW-Authenticate: Bearer error="…"` (O: on 401).

use crate::programs::{node, repository};
use serde_json::json;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// Who may log in.
pub(crate) const USER: &str = "ann";
pub(crate) const PASSWORD: &str = "correct horse & 100% battery+staple";

/// Where a code is sent to: nothing listens there.
pub(crate) const REDIRECT_URI: &str = "http://127.0.0.1:1/callback";

/// A client that both servers know.
pub(crate) struct Client {
    pub(crate) id: &'static str,
    /// None for a public one.
    pub(crate) secret: Option<&'static str>,
    pub(crate) grant: &'static str,
    /// Whether the user has to agree.
    pub(crate) asks: bool,
}

const SECRET: Option<&str> = Some("it's 50% a+b & c=d");

/// May use client credentials.
pub(crate) const MACHINE: Client =
    Client { id: "machine", secret: SECRET, grant: "client_credentials", asks: false };
/// May send its users' passwords.
pub(crate) const TRUSTED: Client =
    Client { id: "trusted", secret: SECRET, grant: "password", asks: false };
/// May send its users to log in, and has a secret.
pub(crate) const WEBSITE: Client =
    Client { id: "website", secret: SECRET, grant: "authorization_code", asks: false };
/// May send its users to log in, and has no secret.
pub(crate) const NATIVE: Client =
    Client { id: "native", secret: None, grant: "authorization_code", asks: false };
/// As `NATIVE`, but its users have to agree.
pub(crate) const STRANGER: Client =
    Client { id: "stranger", secret: None, grant: "authorization_code", asks: true };

/// How long tokens live: whole seconds.
#[derive(Clone, Copy)]
pub(crate) struct Lifetimes {
    pub(crate) access: Duration,
    pub(crate) refresh: Duration,
}

/// A server that runs until it is dropped.
pub(crate) struct OAuthServer {
    child: Child,
    port: u16,
    /// Its path.
    issuer: &'static str,
    folder: TempDir,
}

impl OAuthServer {
    /// django-oauth-toolkit: every grant, forms with CSRF tokens, a consent form. A few hundred tokens a second.
    pub(crate) fn complete(lifetimes: Lifetimes) -> Self {
        let mut command = Command::new(python());
        // No compiled files beside the sources.
        command.arg("-B").arg(repository("tests/oauth_server/serve.py"));
        Self::start(command, "/o", lifetimes)
    }

    /// oidc-provider: client credentials, codes and refresh tokens. A few thousand tokens a second.
    pub(crate) fn quick(lifetimes: Lifetimes) -> Self {
        Self::start(node("oidc_server/serve.mjs"), "", lifetimes)
    }

    fn start(mut command: Command, issuer: &'static str, lifetimes: Lifetimes) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clients = [MACHINE, TRUSTED, WEBSITE, NATIVE, STRANGER];
        let clients = clients.map(|client| {
            json!({ "id": client.id, "secret": client.secret, "grant": client.grant, "asks": client.asks })
        });
        let chosen = json!({
            "access_seconds": lifetimes.access.as_secs(),
            "refresh_seconds": lifetimes.refresh.as_secs(),
            "user": USER,
            "password": PASSWORD,
            "redirect_uri": REDIRECT_URI,
            "clients": clients,
        });
        fs::write(folder.path().join("chosen.json"), chosen.to_string()).expect("writable");
        let log = fs::File::create(folder.path().join("log")).expect("writable");
        command.arg(folder.path()).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().expect("it is installed: run scripts/install");
        let mut port = String::new();
        let stdout = child.stdout.take().expect("piped");
        BufReader::new(stdout).read_line(&mut port).expect("open");
        let Ok(port) = port.trim().parse() else {
            let _ = child.wait();
            let log = fs::read_to_string(folder.path().join("log")).unwrap_or_default();
            panic!("the OAuth2 server does not start: {log}");
        };
        Self { child, port, issuer, folder }
    }

    /// As all that follow: a whole URL.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The discovery document is at this and `/.well-known/openid-configuration`.
    pub(crate) fn issuer(&self) -> String {
        self.url() + self.issuer
    }

    /// What the complete one has answered: a line as `POST /o/token/ 200` for each request, once there are this many.
    pub(crate) fn answered_at_last(&self, expected: usize) -> Vec<String> {
        let mut lines = Vec::new();
        for _ in 0..1_000 {
            let log = fs::read_to_string(self.folder.path().join("access.log"));
            lines = log.unwrap_or_default().lines().map(str::to_owned).collect();
            if lines.len() >= expected {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        lines
    }
}

impl Drop for OAuthServer {
    fn drop(&mut self) {
        // By its process id: the master ends, and its worker with it.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

/// A Python that has the toolkit: the system's, for which Debian packs it, or the one in the path.
fn python() -> &'static str {
    let has_it = |python: &&str| {
        let modules = "import oauth2_provider, gunicorn";
        let found = Command::new(python).args(["-c", modules]).output();
        found.is_ok_and(|output| output.status.success())
    };
    let found = ["/usr/bin/python3", "python3"].into_iter().find(has_it);
    found.expect("django-oauth-toolkit and gunicorn are installed: run scripts/install")
}
