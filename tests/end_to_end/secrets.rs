//! A secret is in nothing that is printed or written, whatever user code does with it.

use crate::load::{Load, load_test, start_with};
use crate::server::Server;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use std::path::Path;
use std::time::Duration;

/// With characters that are encoded in URLs and escaped in JSON.
pub(crate) const PASSWORD: &str = "tr0ub4dor & \"3\"/x+y%";
pub(crate) const PIN: &str = "9182736";

/// Fails if a text has the password in any form.
pub(crate) fn search(what: &str, text: &str) {
    let json = serde_json::to_string(PASSWORD).expect("a text");
    let forms = [
        PASSWORD.to_owned(),
        json.trim_matches('"').to_owned(),
        format!("{PASSWORD:?}").trim_matches('"').to_owned(),
        STANDARD.encode(PASSWORD),
        STANDARD.encode(format!("ann:{PASSWORD}")),
        PIN.to_owned(),
        // Not even a part of it.
        PASSWORD[..10].to_owned(),
    ];
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    for text in [text.to_owned(), decoded(text), decoded(&text.replace('+', " "))] {
        for form in &forms {
            assert!(!text.contains(form), "{what} has {form}:\n{text}");
        }
    }
}

/// Every file in a folder, and in those in it.
fn search_files(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("readable");
    let search_one = |path: &Path| {
        let text = std::fs::read(path).expect("readable");
        search(&path.display().to_string(), &String::from_utf8_lossy(&text));
        1
    };
    entries
        .map(|entry| entry.expect("readable").path())
        .map(|path| if path.is_dir() { search_files(&path) } else { search_one(&path) })
        .sum()
}

fn indiscreet(server: &Server, arguments: &str) -> Load {
    let arguments = format!(
        "-u 3 -r 100 -t 2s --csv out/run --csv-full-history --request-log log.jsonl {arguments}"
    );
    start_with("Indiscreet", &server.url(), &arguments, |command| {
        command.env("INDISCREET_PASSWORD", PASSWORD).args(["--pin", PIN]);
    })
}

#[test]
fn it_is_in_nothing_that_a_run_leaves() {
    let server = Server::start(Duration::ZERO);
    for (arguments, files) in [("--print-stats --loglevel trace", 6), ("--json --logfile log", 7)] {
        let ended = indiscreet(&server, arguments).wait();
        assert_eq!(ended.code, Some(1), "{}", ended.stderr);
        search("standard output", &ended.stdout);
        search("standard error", &ended.stderr);
        assert_eq!(search_files(ended.folder()), files);
        // What was searched is what should hold it.
        assert!(ended.stderr.contains("a thread knows ***"), "{}", ended.stderr);
        let logged = if files == 7 { ended.file("log") } else { ended.stderr.clone() };
        assert!(logged.contains("starting with *** and ***"), "{logged}");
        let log = ended.file("log.jsonl");
        for part in ["/?raw=***", "/?key=***", "/item/***", "named ***", "check failed: no ***"] {
            assert!(log.contains(part), "no {part} in {log}");
            assert!(ended.report.to_string().contains(part), "no {part} in {:#}", ended.report);
        }
        let exceptions = ended.file("out/run_exceptions.csv");
        for part in ["x***,", ": panicked with \"\"***\"\"", "*** to the end"] {
            assert!(exceptions.contains(part), "no {part} in {exceptions}");
        }
        assert!(server.received() > 0);
    }
}

#[test]
fn it_is_in_nothing_that_a_trial_prints() {
    let server = Server::start(Duration::ZERO);
    let mut command = load_test();
    command.args(["try", "Indiscreet", "--host", &server.url(), "--pin", PIN]);
    let output = command.env("INDISCREET_PASSWORD", PASSWORD).output().expect("built");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{stdout}");
    search("standard output", &stdout);
    search("standard error", &String::from_utf8_lossy(&output.stderr));
    // What was searched is what should hold it.
    for part in ["/?raw=***", "/item/***", "> x-key: ***", "> authorization: ***", "> [\"***\"]"] {
        assert!(stdout.contains(part), "no {part} in {stdout}");
    }
    for part in ["> password=***", "named ***", "check failed: no ***", "panicked with"] {
        assert!(stdout.contains(part), "no {part} in {stdout}");
    }
}

#[test]
fn it_is_in_no_message_about_wrong_usage() {
    let login = ["--headless", "--class", "Indiscreet", "--host", "http://127.0.0.1:1"];
    let folder = tempfile::tempdir().expect("a folder");
    let toml = format!("[settings.indiscreet]\npassword = '{PASSWORD}'\n");
    let broken = format!("[settings.indiscreet]\npassword = '{PASSWORD}\n");
    let misspelt = format!("[settings.indiscreet]\npasword = '{PASSWORD}'\n");
    for (arguments, dotenv, file, part) in [
        (&["--password", PASSWORD, "--hots"][..], "", "", "unexpected argument '--hots'"),
        (&["--password", PASSWORD, "--password", PASSWORD], "", "", "multiple times"),
        (&["--password", PASSWORD, "--pin", PASSWORD], "", "", "`pin` of Login"),
        (&["--password", PASSWORD, "-r", "0"], "", "", "positive number"),
        (&["--pin=12x"], "", toml.as_str(), "`pin` of Login"),
        (&[], "", &broken, "swarm.toml:2"),
        (&[], "", &misspelt, "did you mean `settings.indiscreet.password`?"),
        (&[], &format!("A=1\nINDISCREET_PASSWORD={PASSWORD}\n"), "", ".env:2"),
        (&["--pasword", PASSWORD], "", "", "'--password'"),
    ] {
        std::fs::write(folder.path().join(".env"), dotenv).expect("writable");
        std::fs::write(folder.path().join("swarm.toml"), file).expect("writable");
        let mut command = load_test();
        let output = command.current_dir(folder.path()).args(login).args(arguments).output();
        let output = output.expect("built");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains(part), "{arguments:?}: no {part} in\n{stderr}");
        search("a message", &stderr);
        assert!(output.stdout.is_empty());
    }
}
