//! The HTTP client.

mod path;

pub use path::{Path, path_segment};
