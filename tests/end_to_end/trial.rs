//! `try`: one user, run once, with each request and answer on standard output.

use crate::load::{load_test, start_trial};
use crate::server::Server;
use std::process::Output;
use std::time::Duration;

fn run(words: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = load_test().args(words).output().expect("built");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status.code(), text(stdout), text(stderr))
}

/// Lines without what differs from run to run: times, and what stands behind them.
fn told(stdout: &str, host: &str) -> Vec<String> {
    let lines = stdout.lines().map(|line| line.replace(host, "HOST"));
    let lines = lines.map(|line| line.split(" in ").next().unwrap_or_default().to_owned());
    lines.filter(|line| !line.contains("user-agent") && !line.contains("host:")).collect()
}

#[test]
fn a_failing_request_is_shown_whole_with_both_clients() {
    const EXPECTED: [&str; 13] = [
        "",
        "browse",
        "  > GET HOST/small",
        "  > accept: */*",
        "  > accept-encoding: gzip, deflate, br, zstd",
        "  < 404 Not Found",
        "  < content-length: 5",
        "  <",
        "  < hello",
        "  = GET /small: 404 Not Found",
        "  browse failed",
        "",
        "failed: 1 of 1 request failed (exit code 1)",
    ];
    let server = Server::start(Duration::ZERO);
    for class in ["Browser", "BrowserOverReqwest"] {
        let (code, stdout, stderr) = run(&["try", class, "-H", &server.url()]);
        assert_eq!((code, stderr.as_str()), (Some(1), ""));
        let mut lines = told(&stdout, &server.url());
        assert_eq!(lines.remove(0), format!("{class} on HOST"));
        assert_eq!(lines, EXPECTED, "{stdout}");
    }
    assert_eq!(server.received(), 2);
}

#[test]
fn tasks_run_once_in_order_and_the_exit_code_is_that_of_a_run() {
    let server = Server::start(Duration::ZERO);
    let host = server.url();
    let headings = |stdout: &str| {
        let lines: Vec<&str> = stdout.lines().collect();
        let after_blank = lines.windows(2).filter(|pair| pair[0].is_empty());
        let mut headings: Vec<String> = after_blank.map(|pair| pair[1].to_owned()).collect();
        headings.pop();
        headings.join(" ")
    };
    for (words, code, expected, parts) in [
        (
            &["Clumsy"][..],
            1,
            "panics fails works",
            &[
                "! panics: panicked at ",
                ": this user panics",
                "! fails: this user fails",
                "failed: 2 task errors (exit code 1)",
            ][..],
        ),
        (
            &["Clumsy", "--task", "works"],
            0,
            "works",
            &["passed: 1 request succeeded (exit code 0)"],
        ),
        (
            &["Clumsy", "--task", "works,fails", "--task", "works"],
            1,
            "works fails works",
            &["failed: 1 task error"],
        ),
        (&["Clumsy", "--exit-code-on-error", "9"], 9, "panics fails works", &["(exit code 9)"]),
        (
            &["LockedOut"],
            1,
            "on_start",
            &["failed: no user of LockedOut could start: 404 Not Found; 1 of 1 request failed"],
        ),
        (&["Idle"], 5, "rest", &["failed: nothing was requested (exit code 5)"]),
    ] {
        let words = [&["try", "-H", &host], words].concat();
        let (ended, stdout, stderr) = run(&words);
        assert_eq!(ended, Some(code), "{words:?}: {stdout}{stderr}");
        assert_eq!(headings(&stdout), expected, "{words:?}: {stdout}");
        for part in parts {
            assert!(stdout.contains(part), "{words:?}: no {part} in {stdout}");
        }
    }
    let (.., stderr) = run(&["try", "Idle"]);
    assert!(stderr.contains("INFO  load_test] resting"), "{stderr}");
}

#[test]
fn wrong_usage_is_told() {
    for (words, parts) in [
        (
            &["try"][..],
            &[
                "`try` needs the user class",
                "write `cargo swarm try Blocking`",
                "\nClumsy (weight 1",
            ][..],
        ),
        (&["try", "Clumzy"], &["no user class `Clumzy`", "did you mean `Clumsy`?"]),
        (&["try", "Clumsy"], &["no host for Clumsy"]),
        (
            &["try", "Clumsy", "--task", "work", "--demo"],
            &["has no task `work`", "did you mean `works`?"],
        ),
        (&["try", "Clumsy", "-u", "5"], &["unexpected argument '-u'"]),
        (&["try", "Clumsy", "-H", "http://a", "--demo"], &["--demo brings its own target"]),
    ] {
        let (code, stdout, stderr) = run(words);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{words:?}");
        for part in parts {
            assert!(stderr.contains(part), "{words:?}: no {part} in {stderr}");
        }
    }
}

#[test]
fn colours_are_for_terminals() {
    let words = ["try", "Plain", "-H", "http://127.0.0.1:1"];
    let stdout = |variable: &str| {
        let mut command = load_test();
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        let output = command.args(words).env(variable, "1").output().expect("built");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    assert!(stdout("CLICOLOR_FORCE").contains("\x1b[1mPlain\x1b[0m on http://127.0.0.1:1\n"));
    for variable in ["CLICOLOR", "NO_COLOR"] {
        let plain = stdout(variable);
        assert!(plain.contains("= GET /: connection refused in "), "{plain}");
        assert!(!plain.contains('\x1b'), "{plain}");
    }
}

#[test]
fn a_signal_ends_it_in_good_order() {
    let server = Server::start(Duration::from_secs(2));
    let trial = start_trial("Plain", &server.url());
    server.wait_for(1);
    trial.signal("INT");
    let ended = trial.wait();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let closing = "passed: 1 request succeeded; ended because it was asked to stop (exit code 0)";
    assert!(ended.stdout.ends_with(&format!("\n{closing}\n")), "{}", ended.stdout);
}
