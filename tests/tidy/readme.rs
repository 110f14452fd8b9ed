//! The README shows the example as it is.

use std::fs;
use std::path::Path;

/// The code blocks of a document that say which file they are: (path, code).
pub(crate) fn shown_files(document: &str) -> Vec<(String, String)> {
    let blocks = document.split("```rust\n// src/").skip(1);
    let blocks = blocks.map(|block| block.split("```").next().unwrap_or_default());
    blocks
        .map(|block| {
            let (path, code) = block.split_once('\n').unwrap_or_default();
            (format!("src/{path}"), code.trim().to_owned())
        })
        .collect()
}

/// A file's code without its header.
pub(crate) fn code_of(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("readable");
    let code = text.lines().skip_while(|line| line.starts_with("//!") || line.is_empty());
    code.collect::<Vec<_>>().join("\n")
}
