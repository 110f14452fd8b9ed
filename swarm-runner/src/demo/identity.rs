//! The demo site's ways to log in: tokens, a form with a session, OAuth2. There is one user and one client, and nothing expires.

use axum::extract::{Form, Query};
use axum::http::header::{
    AUTHORIZATION, COOKIE, HOST, HeaderMap, HeaderName, LOCATION, SET_COOKIE,
};
use axum::http::{StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::json;

/// Name that the demo site knows.
pub const DEMO_USERNAME: &str = "demo";
/// Password that the demo site knows; no secret, it stands in the examples too.
pub const DEMO_PASSWORD: &str = "correct horse battery staple";

/// The OAuth2 client that the demo site knows, and its secret.
const CLIENT: (&str, &str) = ("demo-client", "demo-secret");
/// What logins answer with.
const TOKEN: &str = "demo-token";
const REFRESH_TOKEN: &str = "demo-refresh-token";
const CODE: &str = "demo-code";
/// Cookies.
const SESSION: &str = "session=demo-session";
const CSRF: &str = "csrf=demo-csrf";

/// The pages for logging in.
pub(super) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/login", post(login))
        .route("/session", post(begin_session).delete(end_session))
        .route("/signin", get(form).post(sign_in))
        .route("/profile", get(profile))
        .route("/oauth/authorize", get(authorize))
        .route("/oauth/token", post(token))
        .route("/.well-known/openid-configuration", get(metadata))
}

/// Whether a request proves who sends it: by the token, by name and password, or by a session.
pub(super) fn is_logged_in(headers: &HeaderMap) -> bool {
    has_token(headers)
        || is_basic(headers, DEMO_USERNAME, DEMO_PASSWORD)
        || has_cookie(headers, SESSION)
}

/// The answer to who does not.
pub(super) fn refuse(why: &'static str) -> Response {
    (StatusCode::UNAUTHORIZED, why).into_response()
}

fn header(headers: &HeaderMap, name: HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn has_token(headers: &HeaderMap) -> bool {
    header(headers, AUTHORIZATION) == format!("Bearer {TOKEN}")
}

fn is_basic(headers: &HeaderMap, name: &str, password: &str) -> bool {
    let pair = STANDARD.encode(format!("{name}:{password}"));
    header(headers, AUTHORIZATION) == format!("Basic {pair}")
}

fn has_cookie(headers: &HeaderMap, cookie: &str) -> bool {
    header(headers, COOKIE).split("; ").any(|pair| pair == cookie)
}

async fn login(headers: HeaderMap) -> Response {
    match is_basic(&headers, DEMO_USERNAME, DEMO_PASSWORD) {
        true => Json(json!({ "token": TOKEN })).into_response(),
        false => refuse("log in with basic credentials"),
    }
}

#[derive(Deserialize)]
struct NameAndPassword {
    username: String,
    password: String,
}

impl NameAndPassword {
    fn are_right(&self) -> bool {
        (self.username.as_str(), self.password.as_str()) == (DEMO_USERNAME, DEMO_PASSWORD)
    }
}

async fn begin_session(Json(given): Json<NameAndPassword>) -> Response {
    if given.are_right() { TOKEN.into_response() } else { refuse("no such name and password") }
}

async fn end_session(headers: HeaderMap) -> Response {
    match has_token(&headers) {
        true => StatusCode::NO_CONTENT.into_response(),
        false => refuse("send the token of /session"),
    }
}

async fn profile(headers: HeaderMap) -> Response {
    match is_logged_in(&headers) {
        true => Json(json!({ "name": DEMO_USERNAME })).into_response(),
        false => refuse("send the token of /login, or log in by another way"),
    }
}

#[derive(Deserialize)]
struct Next {
    #[serde(default = "profile_path")]
    next: String,
}

fn profile_path() -> String {
    "/profile".to_owned()
}

async fn form(Query(Next { next }): Query<Next>) -> Response {
    show_form(&next)
}

fn show_form(next: &str) -> Response {
    // The browser gives it back as it was.
    let next = next.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    let page = format!(
        r#"<!doctype html><title>Sign in</title><form method="post" action="/signin">
<input type="hidden" name="csrf" value="demo-csrf"><input type="hidden" name="next" value="{next}">
<input name="username"><input type="password" name="password"><button>Sign in</button></form>"#
    );
    ([(SET_COOKIE, format!("{CSRF}; Path=/; HttpOnly"))], Html(page)).into_response()
}

#[derive(Deserialize)]
struct SignIn {
    csrf: String,
    #[serde(flatten)]
    given: NameAndPassword,
    #[serde(flatten)]
    next: Next,
}

async fn sign_in(headers: HeaderMap, Form(SignIn { csrf, given, next }): Form<SignIn>) -> Response {
    if !has_cookie(&headers, CSRF) || format!("csrf={csrf}") != CSRF {
        return (StatusCode::FORBIDDEN, "send the form with its token and cookie").into_response();
    }
    // Nowhere but on this site.
    if !given.are_right() || !next.next.starts_with('/') {
        return show_form(&next.next);
    }
    let session = format!("{SESSION}; Path=/; HttpOnly");
    (StatusCode::SEE_OTHER, [(LOCATION, next.next), (SET_COOKIE, session)]).into_response()
}

#[derive(Deserialize)]
struct Authorize {
    redirect_uri: String,
    state: String,
}

async fn authorize(headers: HeaderMap, uri: Uri, Query(asked): Query<Authorize>) -> Response {
    let to = if has_cookie(&headers, SESSION) {
        let Authorize { redirect_uri, state } = asked;
        format!("{redirect_uri}?code={CODE}&state={state}")
    } else {
        let next = uri.to_string().replace('%', "%25").replace('&', "%26");
        format!("/signin?next={next}")
    };
    (StatusCode::FOUND, [(LOCATION, to)]).into_response()
}

#[derive(Deserialize)]
struct Grant {
    grant_type: String,
    code: Option<String>,
    refresh_token: Option<String>,
    username: Option<String>,
    password: Option<String>,
}

async fn token(headers: HeaderMap, Form(grant): Form<Grant>) -> Response {
    let is = |given: &Option<String>, known: &str| given.as_deref() == Some(known);
    let granted = match grant.grant_type.as_str() {
        "client_credentials" => is_basic(&headers, CLIENT.0, CLIENT.1),
        "authorization_code" => is(&grant.code, CODE),
        "refresh_token" => is(&grant.refresh_token, REFRESH_TOKEN),
        "password" => is(&grant.username, DEMO_USERNAME) && is(&grant.password, DEMO_PASSWORD),
        _ => false,
    };
    if !granted {
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" })))
            .into_response();
    }
    let mut answer = json!({ "access_token": TOKEN, "token_type": "Bearer", "expires_in": 3_600 });
    if grant.grant_type != "client_credentials" {
        answer["refresh_token"] = REFRESH_TOKEN.into();
    }
    Json(answer).into_response()
}

async fn metadata(headers: HeaderMap) -> Response {
    let here = format!("http://{}", header(&headers, HOST));
    Json(json!({
        "issuer": here,
        "authorization_endpoint": format!("{here}/oauth/authorize"),
        "token_endpoint": format!("{here}/oauth/token"),
    }))
    .into_response()
}
