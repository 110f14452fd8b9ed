//! The README shows the example as it is, and the examples' own README lists all of them.

use std::fs;
use std::path::{Path, PathBuf};

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

/// An example, as its first lines describe it.
pub(crate) struct Example {
    pub(crate) name: String,
    /// The first command that they show; none if there is none.
    pub(crate) command: Option<String>,
}

/// Those that want a server of their own, not the demo site.
const WITH_A_SERVER: [&str; 1] = ["postgres"];

/// All folders of `examples/`.
pub(crate) fn examples(folder: &Path) -> Vec<Example> {
    let folders =
        fs::read_dir(folder).expect("readable").map(|entry| entry.expect("readable").path());
    let example = |folder: PathBuf| {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let roots = ["src/lib.rs", "src/main.rs"].map(|root| folder.join(root));
        let text = roots.iter().find_map(|root| fs::read_to_string(root).ok()).unwrap_or_default();
        let mut documentation = text.lines().map_while(|line| line.strip_prefix("//!"));
        let demo = if WITH_A_SERVER.contains(&&*name) { "" } else { "--demo " };
        let begins = format!("cargo swarm -p {name} {demo}");
        let command = documentation.find(|line| line.trim().starts_with(&begins));
        Example { name, command: command.map(|line| line.trim().to_owned()) }
    };
    let mut found: Vec<Example> = folders.filter(|path| path.is_dir()).map(example).collect();
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

/// The rows of the table of examples: (name, command).
pub(crate) fn rows_of_examples(document: &str) -> Vec<(String, String)> {
    let rows = document.lines().filter(|line| line.starts_with("| ["));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let name = cells[0].trim_start_matches('[').split(']').next().unwrap_or_default();
        (name.to_owned(), cells.last().unwrap_or(&"").trim_matches('`').to_owned())
    })
    .collect()
}
