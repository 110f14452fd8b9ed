//! The measured limits of the code base: sizes, headers, and the order of levels.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod levels;
mod readme;
mod sources;

use proc_macro2::Span;
use sources::{Source, sources};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

const LONGEST_FILE: usize = 500;
const LONGEST_FUNCTION: usize = 80;

#[test]
fn every_file_says_what_it_owns() {
    let silent = sources().into_iter().filter(|source| !source.text.starts_with("//! "));
    nothing(silent.map(|source| format!("{} does not open with `//! `", source.path.display())));
}

#[test]
fn no_file_is_too_long() {
    let long = sources().into_iter().filter(|source| source.text.lines().count() > LONGEST_FILE);
    nothing(long.map(|source| {
        let lines = source.text.lines().count();
        format!("{} has {lines} lines: split it ({LONGEST_FILE} at most)", source.path.display())
    }));
}

#[test]
fn no_function_is_too_long() {
    nothing(sources().iter().flat_map(|source| {
        let mut functions = Functions { source, long: Vec::new() };
        functions.visit_file(&source.syntax);
        functions.long
    }));
}

#[test]
fn no_arrow_runs_back_up() {
    nothing(levels::arrows_back_up(&sources()));
}

/// The test of the test: an arrow that runs back up is found, however it is written.
#[test]
fn arrows_that_run_back_up_are_found() {
    let crate_of = |module: &str, text: &str| {
        let root = "mod low;\nmod high;";
        let files = [("lib.rs", root), ("low.rs", ""), ("high/mod.rs", "mod a;\nmod b;")];
        let mut files: Vec<(&str, &str)> = files.to_vec();
        files.retain(|(path, _)| *path != module);
        files.push((module, text));
        files.iter().map(|(path, text)| Source::new(format!("x/src/{path}").into(), text)).collect()
    };
    for (module, text, arrows) in [
        ("high/b.rs", "use crate::low::X; use super::a::Y;", 0),
        ("high/b.rs", "#[cfg(test)] mod tests { use super::super::super::low::X; }", 0),
        ("high/mod.rs", "mod a;\nmod b;\npub use b::X;", 0),
        ("lib.rs", "#[cfg(test)]\nmod high;\nmod low;\nuse crate::low::X;", 0),
        ("low.rs", "use crate::high::X;", 1),
        ("low.rs", "use crate::{high::{X, Y}};", 2),
        ("low.rs", "fn f() { crate::high::f() }", 1),
        ("low.rs", "fn f() { g!(a, super::high::f()) }", 1),
        ("high/a.rs", "use super::b::X;", 1),
        ("high/a.rs", "use super::X;", 1),
    ] {
        let files: Vec<Source> = crate_of(module, text);
        assert_eq!(levels::arrows_back_up(&files).len(), arrows, "{module}: {text}");
    }
}

#[test]
fn the_readme_shows_the_example_as_it_is() {
    let root = sources::root();
    let readme = std::fs::read_to_string(root.join("README.md")).expect("readable");
    let shown = readme::shown_files(&readme);
    assert_eq!(shown.len(), 5, "all files of the example");
    for (path, code) in shown {
        assert_eq!(code, readme::code_of(&root.join("examples/shop").join(&path)), "{path}");
    }
}

#[test]
fn every_example_shows_its_command_and_is_listed_with_it() {
    let folder = sources::root().join("examples");
    let listed = std::fs::read_to_string(folder.join("README.md")).expect("readable");
    let mut listed = readme::rows_of_examples(&listed);
    listed.sort();
    let examples = readme::examples(&folder);
    let silent = examples.iter().filter(|example| example.command.is_none());
    nothing(silent.map(|example| {
        let name = &example.name;
        format!("the first lines of examples/{name} show no `cargo swarm -p {name} --demo …`")
    }));
    let shown =
        examples.into_iter().map(|example| (example.name, example.command.unwrap_or_default()));
    assert_eq!(listed, shown.collect::<Vec<_>>(), "examples/README.md lists others");
}

struct Functions<'a> {
    source: &'a Source,
    long: Vec<String>,
}

impl Functions<'_> {
    fn measure(&mut self, name: &syn::Ident, whole: Span) {
        let lines = whole.end().line - whole.start().line + 1;
        if lines > LONGEST_FUNCTION {
            let path = self.source.path.display();
            self.long
                .push(format!("{path}: fn {name} has {lines} lines ({LONGEST_FUNCTION} at most)"));
        }
    }
}

impl<'a> Visit<'a> for Functions<'_> {
    fn visit_item_fn(&mut self, item: &'a syn::ItemFn) {
        self.measure(&item.sig.ident, item.block.span());
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'a syn::ImplItemFn) {
        self.measure(&item.sig.ident, item.block.span());
        visit::visit_impl_item_fn(self, item);
    }
}

/// Fails with all of these, if there are any.
fn nothing(found: impl IntoIterator<Item = String>) {
    let found: Vec<String> = found.into_iter().collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}
