//! The pages of the demo site.

use super::counters::Counters;
use super::streams::{lines, prices};
use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{MatchedPath, Path, Query, Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Name that the demo site knows.
pub const DEMO_USERNAME: &str = "demo";
/// Password that the demo site knows; no secret, it stands in the examples too.
pub const DEMO_PASSWORD: &str = "correct horse battery staple";

/// What a login answers with. The site is for trying things out, so one token is enough.
const TOKEN: &str = "demo-token";

type Shared = State<Arc<Counters>>;

/// The site, with counters of its own.
pub(super) fn site() -> Router {
    let counters = Arc::new(Counters::default());
    Router::new()
        .route("/", get(|| page("Welcome to the demo shop")))
        .route("/register", get(|| page("Register")))
        .route("/login", post(login))
        .route("/session", post(begin_session).delete(end_session))
        .route("/profile", get(profile))
        .route("/item/{id}", get(item))
        .route("/checkout", post(checkout))
        .route("/upload", post(upload))
        .route("/lines", get(lines))
        .route("/prices", get(prices))
        .route("/slow", get(slow))
        .route("/flaky", get(|| page("Flaky")))
        .route("/counters", get(all_counters))
        .fallback(|| async { (StatusCode::NOT_FOUND, "there is no such page") })
        .layer(middleware::from_fn_with_state(Arc::clone(&counters), count))
        .with_state(counters)
}

/// Counts every request but those for the counters, and makes every tenth `/flaky` fail.
async fn count(State(counters): Shared, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
    if path == "/counters" {
        return next.run(request).await;
    }
    let before = counters.count(&path);
    if path == "/flaky" && before % 10 == 9 {
        return (StatusCode::INTERNAL_SERVER_ERROR, "every tenth answer fails").into_response();
    }
    next.run(request).await
}

async fn page(title: &str) -> Html<String> {
    Html(format!("<!doctype html><title>{title}</title><h1>{title}</h1>"))
}

async fn login(headers: HeaderMap) -> Response {
    let expected = STANDARD.encode(format!("{DEMO_USERNAME}:{DEMO_PASSWORD}"));
    if header(&headers, AUTHORIZATION) == format!("Basic {expected}") {
        Json(json!({ "token": TOKEN })).into_response()
    } else {
        refuse("log in with basic credentials")
    }
}

#[derive(Deserialize)]
struct NameAndPassword {
    username: String,
    password: String,
}

async fn begin_session(Json(given): Json<NameAndPassword>) -> Response {
    if (given.username.as_str(), given.password.as_str()) == (DEMO_USERNAME, DEMO_PASSWORD) {
        TOKEN.into_response()
    } else {
        refuse("no such name and password")
    }
}

async fn end_session(headers: HeaderMap) -> Response {
    if is_logged_in(&headers) {
        StatusCode::NO_CONTENT.into_response()
    } else {
        refuse("send the token of /session")
    }
}

async fn profile(headers: HeaderMap) -> Response {
    if is_logged_in(&headers) {
        Json(json!({ "name": DEMO_USERNAME })).into_response()
    } else {
        refuse("send the token of /login")
    }
}

async fn item(Path(id): Path<u32>) -> Json<Value> {
    Json(json!({ "id": id, "name": format!("Item {id}"), "price_cents": 100 + id % 900 }))
}

async fn checkout(headers: HeaderMap, Json(items): Json<Vec<u32>>) -> Response {
    if is_logged_in(&headers) {
        format!("{} items bought, thank you", items.len()).into_response()
    } else {
        refuse("send the token of /login")
    }
}

async fn upload(headers: HeaderMap, body: Bytes) -> Json<Value> {
    let kind = header(&headers, CONTENT_TYPE).split(';').next();
    Json(json!({ "content_type": kind, "bytes": body.len() }))
}

#[derive(Deserialize)]
struct Delay {
    #[serde(default = "half_a_second")]
    ms: u64,
}

fn half_a_second() -> u64 {
    500
}

async fn slow(Query(delay): Query<Delay>) -> Html<String> {
    // Bounded, so that no request stays for ever.
    tokio::time::sleep(Duration::from_millis(delay.ms.min(60_000))).await;
    page("Slow").await
}

async fn all_counters(State(counters): Shared) -> Json<BTreeMap<&'static str, u64>> {
    Json(counters.all())
}

fn is_logged_in(headers: &HeaderMap) -> bool {
    header(headers, AUTHORIZATION) == format!("Bearer {TOKEN}")
}

fn header(headers: &HeaderMap, name: HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn refuse(why: &'static str) -> Response {
    (StatusCode::UNAUTHORIZED, why).into_response()
}
