//! Memory of a load test that asks for a hundred thousand different URLs: it must not grow with the time.
//!
//! `cargo bench -p swarm-benches --bench distinct_urls -- --seconds 600` prints the resident memory at each tenth of the run, after a warm-up, and fails if it
//! grew, if there are more rows than the bound, or if no row counts the rest.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a program for its developers: it fails loudly, and prints its figures"
)]

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;
use swarm_benches::nginx::Nginx;
use swarm_benches::option;

/// As documented: so many names of requests and causes of failures, and a row for the others.
const MOST_NAMES: usize = 5_000;
const MOST_CAUSES: usize = 500;
const OTHER: &str = "(other)";
const MEBI: u64 = 1 << 20;
/// Until all rows are there memory must grow: so long nothing is compared.
const WARM_UP_SECONDS: usize = 10;

fn main() -> ExitCode {
    let seconds = option("--seconds", 5) + WARM_UP_SECONDS as u64;
    let server = Nginx::start(0, 100);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("result.json");
    let load = start(&server.url(), seconds, &file);
    let memory = watch(load);
    let report = fs::read(&file).expect("the load test wrote its result");
    let report: Value = serde_json::from_slice(&report).expect("JSON");

    let count = |field: &str| report["totals"][field].as_u64().expect("a number");
    println!("{} requests, {} failed", count("requests"), count("failures"));
    let mut wrong: Vec<String> = [("requests", MOST_NAMES), ("failures", MOST_CAUSES)]
        .into_iter()
        .filter_map(|(table, most)| too_many_rows(&report, table, most))
        .collect();
    wrong.extend(growth(memory.get(WARM_UP_SECONDS..).unwrap_or_default()));
    wrong.iter().for_each(|what| println!("WRONG: {what}"));
    if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn start(url: &str, seconds: u64, file: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_many-pages"))
        .args(["--headless", "--only-summary", "-u", "50", "-r", "1000", "--host", url])
        .args(["-t", &format!("{seconds}s"), "--exit-code-on-error", "0", "--json-file"])
        .arg(file)
        .stdout(Stdio::null())
        .spawn()
        .expect("built")
}

/// Waits for the end. Returns the resident memory once a second, in bytes.
fn watch(mut load: Child) -> Vec<u64> {
    let mut memory = Vec::new();
    loop {
        std::thread::sleep(Duration::from_secs(1));
        if let Some(status) = load.try_wait().expect("a child") {
            assert!(status.success(), "the load test failed: {status}");
            return memory;
        }
        memory.extend(resident(load.id()));
    }
}

/// Resident memory of a process in bytes; none once it has ended.
fn resident(pid: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibi: u64 = line.trim().strip_suffix(" kB")?.parse().expect("the format of proc(5)");
    Some(kibi << 10)
}

/// What is wrong with the rows of a table, if anything is.
fn too_many_rows(report: &Value, table: &str, most: usize) -> Option<String> {
    let rows = report[table].as_array().expect("a list");
    println!("{} rows of {table}", rows.len());
    let others = rows.iter().filter(|row| row["name"] == OTHER).count();
    if others != 1 {
        return Some(format!("{others} rows {OTHER} among the {table}, not one"));
    }
    let told_apart = rows.len() - others;
    (told_apart > most).then(|| format!("{told_apart} rows of {table}, more than {most}"))
}

/// What is wrong with the memory, if anything is: its last tenth is compared with what it was after the first fifth.
fn growth(memory: &[u64]) -> Option<String> {
    let at = |tenth: usize| (memory.len() * tenth / 10).saturating_sub(1);
    for tenth in 1..=10 {
        let bytes = memory.get(at(tenth)).expect("it ran for some seconds");
        println!("{:>4} %  {:>7.1} MiB", tenth * 10, *bytes as f64 / MEBI as f64);
    }
    let before = memory[at(2)];
    let after = memory[at(9)..].iter().max().copied().unwrap_or_default();
    let most = before + before / 10 + 8 * MEBI;
    let told = |bytes: u64| bytes / MEBI;
    (after > most).then(|| {
        format!("from {} MiB to {} MiB, more than {}", told(before), told(after), told(most))
    })
}
