//! The pages of the demo site.

use super::counters::Counters;
use super::identity::{self, is_logged_in, refuse};
use super::streams::{lines, prices};
use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{MatchedPath, Path, Query, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

type Shared = State<Arc<Counters>>;

/// The site, with counters of its own.
pub(super) fn site() -> Router {
    let counters = Arc::new(Counters::default());
    Router::new()
        .route("/", get(|| page("Welcome to the demo shop")))
        .route("/register", get(|| page("Register")))
        .route("/item/{id}", get(item))
        .route("/checkout", post(checkout))
        .route("/upload", post(upload))
        .route("/lines", get(lines))
        .route("/prices", get(prices))
        .route("/slow", get(slow))
        .route("/flaky", get(|| page("Flaky")))
        .route("/counters", get(all_counters))
        .merge(identity::routes())
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
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next();
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
