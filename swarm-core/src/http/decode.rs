//! Unpacking what a server has packed: gzip, deflate, brotli, zstd.

use super::error::Cause;
use brotli_decompressor::Decompressor;
use bytes::Bytes;
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap};
use ruzstd::decoding::StreamingDecoder;
use std::io::Read;

/// What can be unpacked, for `Accept-Encoding`.
pub(super) const ACCEPTED: &str = "gzip, deflate, br, zstd";

/// The body as the server meant it, if it is no larger than `most`. What is packed in an unknown way stays as it is.
pub(super) fn decode(headers: &mut HeaderMap, body: Bytes, most: u64) -> Result<Bytes, Cause> {
    let Some(encodings) = headers.get(CONTENT_ENCODING).filter(|_| !body.is_empty()) else {
        return Ok(body);
    };
    let encodings = encodings.to_str().unwrap_or_default().to_ascii_lowercase();
    let known = ["gzip", "x-gzip", "deflate", "br", "zstd", "identity"];
    let list: Vec<&str> = encodings.split(',').map(str::trim).collect();
    if !list.iter().all(|encoding| known.contains(encoding)) {
        return Ok(body);
    }
    headers.remove(CONTENT_ENCODING);
    headers.remove(CONTENT_LENGTH);
    // The last one was applied last.
    list.into_iter().rev().try_fold(body, |body, encoding| unpack(encoding, &body, most))
}

fn unpack(encoding: &str, body: &Bytes, most: u64) -> Result<Bytes, Cause> {
    let broken = |why: &dyn std::fmt::Display| {
        Cause::Connection(format!("the answer's {encoding} body is broken: {why}"))
    };
    let mut unpacked = Vec::new();
    let read = match encoding {
        "gzip" | "x-gzip" => take(MultiGzDecoder::new(&body[..]), &mut unpacked, most),
        "deflate" => take(ZlibDecoder::new(&body[..]), &mut unpacked, most),
        "br" => take(Decompressor::new(&body[..], 4_096), &mut unpacked, most),
        "zstd" => {
            let decoder = StreamingDecoder::new(&body[..]).map_err(|error| broken(&error))?;
            take(decoder, &mut unpacked, most)
        }
        _ => return Ok(body.clone()),
    };
    read.map_err(|error| broken(&error))?;
    if unpacked.len() as u64 > most {
        return Err(Cause::TooLarge(most));
    }
    Ok(unpacked.into())
}

/// Reads one byte more than is allowed, so that too much is seen.
fn take(from: impl Read, to: &mut Vec<u8>, most: u64) -> std::io::Result<usize> {
    from.take(most.saturating_add(1)).read_to_end(to)
}
