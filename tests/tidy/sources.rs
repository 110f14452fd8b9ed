//! The Rust files of the repository.

use std::fs;
use std::path::{Path, PathBuf};

/// A parsed file, by its path from the root of the repository.
pub(crate) struct Source {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
    pub(crate) syntax: syn::File,
}

impl Source {
    pub(crate) fn new(path: PathBuf, text: &str) -> Self {
        let syntax = syn::parse_file(text)
            .unwrap_or_else(|error| panic!("{} does not parse: {error}", path.display()));
        Self { path, text: text.to_owned(), syntax }
    }
}

/// The folder of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository")
}

/// All of them but snapshots and the deliberate mistakes of compile-fail tests.
pub(crate) fn sources() -> Vec<Source> {
    let root = root();
    let mut found = Vec::new();
    collect(root, root, &mut found);
    assert!(found.len() > 50, "only {} files found: is the search broken?", found.len());
    found
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<Source>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .expect("readable")
        .map(|entry| entry.expect("readable").path())
        .collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !name.starts_with('.') && !["target", "ui", "snapshots"].contains(&name.as_str()) {
                collect(root, &path, found);
            }
        } else if name.ends_with(".rs") {
            let text = fs::read_to_string(&path).expect("readable");
            let path = path.strip_prefix(root).expect("below the root").to_owned();
            found.push(Source::new(path, &text));
        }
    }
}
