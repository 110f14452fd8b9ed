//! The messages for the mistakes that people make: one for each, on the token that is wrong.

use std::path::Path;
use std::process::Command;

/// Many of the messages are rustc's, whose wording changes from version to version.
const VERSION: &str = "1.95.";

#[test]
fn each_mistake_has_its_message() {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().expect("rustc runs");
    let version = String::from_utf8_lossy(&output.stdout).into_owned();
    if !version.contains(VERSION) {
        println!("skipped: the messages are those of rustc {VERSION}x, and this is {version}");
        return;
    }
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

/// Of what stands in the repository; the test above makes it anew only when it is told to.
#[test]
fn there_is_one_message_for_each_mistake() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui");
    let files =
        std::fs::read_dir(folder).expect("readable").map(|file| file.expect("readable").path());
    let messages: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|end| end == "stderr")).collect();
    assert!(messages.len() >= 25, "{}", messages.len());
    for path in messages {
        let text = std::fs::read_to_string(&path).expect("readable");
        let errors = text.lines().filter(|line| line.starts_with("error")).count();
        assert_eq!(errors, 1, "{}:\n{text}", path.display());
    }
}
