//! Answers with JSON, packed where the client can unpack them.

use axum::body::Body;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;
use std::io::Write as _;

/// Shorter ones don't become shorter by packing.
const WORTHWHILE: usize = 1_024;

/// Whether the client can unpack gzip.
pub(super) fn unpacks(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let mut codings = accepted.flat_map(|value| value.split(','));
    codings.any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let refused = weight.replace(' ', "").trim_end_matches('0') == "q=0."
            || weight.replace(' ', "") == "q=0";
        name.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}

/// Packed, if that can be done.
pub(super) fn packed(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(bytes).ok()?;
    packer.finish().ok()
}

/// A value as JSON.
pub(super) fn json(headers: &HeaderMap, value: &impl Serialize) -> Response {
    // None of ours has a map with keys that are no texts, and writing to memory can't fail.
    text(headers, "application/json", serde_json::to_string(value).unwrap_or_default())
}

/// A text of this type.
pub(super) fn text(headers: &HeaderMap, kind: &'static str, text: String) -> Response {
    let packed = (text.len() >= WORTHWHILE && unpacks(headers)).then(|| packed(text.as_bytes()));
    let mut answer = match packed.flatten() {
        None => Body::from(text).into_response(),
        Some(packed) => {
            let gzip = [(CONTENT_ENCODING, HeaderValue::from_static("gzip"))];
            (gzip, Body::from(packed)).into_response()
        }
    };
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    answer
}
