//! Test data: each row where it belongs, and a bad one before it does harm.

use crate::load::{Ended, load_test, start_in};
use crate::server::Server;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

/// Runs the class that reads `vouchers.csv`, which has this text, with four users.
fn redeem(server: &Server, vouchers: &str) -> Ended {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("vouchers.csv"), vouchers).expect("written");
    start_in(folder, "Redeemer", &server.url(), "-u 4 -r 100 -t 60s").wait()
}

#[test]
fn each_row_is_used_once_and_then_the_run_ends() {
    let server = Server::start(Duration::ZERO);
    let mut vouchers = "value,code\n".to_owned();
    for number in 0..300 {
        let _ = writeln!(vouchers, "{number},V{number}");
    }
    let ended = redeem(&server, &vouchers);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(server.received(), 300);
    let rows = ended.report["requests"].as_array().expect("a list");
    let used = rows.iter().map(|row| (row["name"].to_string(), row["requests"].as_u64()));
    let once = (0..300).map(|number| (format!("\"V{number} of {number}\""), Some(1)));
    assert_eq!(used.collect::<BTreeMap<_, _>>(), once.collect());
    assert_eq!(ended.number("/tasks/0/errors"), 0);
    assert!(ended.stderr.contains("stopping: all users have ended"), "{}", ended.stderr);
    assert!(ended.report["run"]["duration_s"].as_f64() < Some(50.0), "before the time is up");
}

#[test]
fn bad_rows_are_told_before_any_load() {
    let server = Server::start(Duration::ZERO);
    let ended = redeem(&server, "value,code\n5,hunter1\nfive,hunter2\n7,hunter3\n-1,hunter4\n");
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    assert_eq!(
        ended.stderr,
        "error: vouchers.csv:3: column `value`: invalid digit found in string\n\
         error: vouchers.csv:5: column `value`: invalid digit found in string\n"
    );
    assert!(ended.report.is_null(), "there is no result");
    assert_eq!(server.received(), 0);
}

#[test]
fn a_file_is_sought_in_the_folder_of_the_package() {
    let (package, elsewhere) = (tempfile::tempdir(), tempfile::tempdir());
    let (package, elsewhere) = (package.expect("a folder"), elsewhere.expect("a folder"));
    let run = || {
        let output = load_test()
            .args(["--headless", "Redeemer", "--host", "http://127.0.0.1:1"])
            .env("SWARM_PACKAGE_DIR", package.path())
            .current_dir(elsewhere.path())
            .output()
            .expect("built");
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    let folder = package.path().display();
    let missing =
        format!("error: vouchers.csv: not found in {folder}, nor in the working directory\n");
    assert_eq!(run(), missing);

    std::fs::write(package.path().join("vouchers.csv"), "code;value\nA\n").expect("written");
    let bad = format!("error: {folder}/vouchers.csv:2: 1 column where the header has 2\n");
    assert_eq!(run(), bad);
}
