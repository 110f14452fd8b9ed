//! Paths that are requested with values and reported without.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// A path with values, and the name that it is reported by; made by [`path!`](crate::path).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    pub(crate) name: &'static str,
    pub(crate) path: String,
}

impl Path {
    /// A path and its name in the statistics.
    #[must_use]
    pub fn new(name: &'static str, path: String) -> Self {
        Self { name, path }
    }
}

/// What stays as it is in a segment: the unreserved characters of RFC 3986, section 2.3.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A value as one segment of a path.
#[must_use]
pub fn path_segment(value: &str) -> String {
    utf8_percent_encode(value, SEGMENT).to_string()
}
