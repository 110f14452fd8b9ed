//! The files of the page and the description of the API, which are part of the program.

use super::answers::{packed, unpacks};
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use std::hash::{DefaultHasher, Hasher as _};
use std::sync::LazyLock;

/// A file with its type.
struct File {
    kind: &'static str,
    plain: &'static [u8],
    packed: Option<Bytes>,
    /// Changes with what is in it.
    tag: String,
}

static PAGE: LazyLock<File> = LazyLock::new(|| {
    File::new("text/html; charset=utf-8", include_bytes!("../../page/index.html"))
});
static SCRIPT: LazyLock<File> = LazyLock::new(|| {
    File::new("text/javascript; charset=utf-8", include_bytes!("../../page/assets/app.js"))
});
static STYLE: LazyLock<File> = LazyLock::new(|| {
    File::new("text/css; charset=utf-8", include_bytes!("../../page/assets/app.css"))
});
static API: LazyLock<File> =
    LazyLock::new(|| File::new("application/json", include_bytes!("../../openapi.json")));

impl File {
    fn new(kind: &'static str, plain: &'static [u8]) -> Self {
        let mut hasher = DefaultHasher::new();
        hasher.write(plain);
        let tag = format!("\"{:016x}\"", hasher.finish());
        Self { kind, plain, packed: packed(plain).map(Bytes::from), tag }
    }

    fn answer(&self, headers: &HeaderMap) -> Response {
        let about = [
            (CONTENT_TYPE, HeaderValue::from_static(self.kind)),
            // Asked for each time, and sent only when it has changed.
            (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (VARY, HeaderValue::from_static("accept-encoding")),
        ];
        let tag = [(ETAG, self.tag.clone())];
        let known = headers.get(IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
        if known.is_some_and(|tags| tags.contains(&self.tag)) {
            return (StatusCode::NOT_MODIFIED, about, tag).into_response();
        }
        match &self.packed {
            Some(packed) if unpacks(headers) => {
                let gzip = [(CONTENT_ENCODING, HeaderValue::from_static("gzip"))];
                (about, tag, gzip, packed.clone()).into_response()
            }
            _ => (about, tag, self.plain).into_response(),
        }
    }
}

/// The page itself.
pub(super) async fn page(headers: HeaderMap) -> Response {
    PAGE.answer(&headers)
}

/// What it is made of.
pub(super) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    match name.as_str() {
        "app.js" => SCRIPT.answer(&headers),
        "app.css" => STYLE.answer(&headers),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The description of the API.
pub(super) async fn api(headers: HeaderMap) -> Response {
    API.answer(&headers)
}
