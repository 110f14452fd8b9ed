//! CPU time per request of a user with one task, against wrk: the same nginx, the same run, in turns, as a ratio.
//!
//! `cargo bench -p swarm-benches` prints it. The server has one core, the generators in turn the other one. Only ratios of one run mean something: the
//! machine may be busy, and each pair of turns is busy alike.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a program for its developers: it fails loudly, and prints its figures"
)]

use std::process::Command;
use swarm_benches::cpu::{Pinned as _, measured, text};
use swarm_benches::nginx::Nginx;
use swarm_benches::option;

const USERS: &str = "50";
const BODY_BYTES: usize = 100;
const SERVER_CORE: usize = 0;
const GENERATOR_CORE: usize = 1;

fn main() {
    let (rounds, seconds) = (option("--rounds", 7), option("--seconds", 5));
    let server = Nginx::start(SERVER_CORE, BODY_BYTES);
    let mut ratios: Vec<f64> = (1..=rounds)
        .map(|round| {
            let (wrk, ours) = (wrk(&server, seconds), swarm(&server, seconds));
            let ratio = ours / wrk;
            println!("round {round}: wrk {wrk:.2} µs, swarm {ours:.2} µs of CPU per request, ratio {ratio:.2}");
            ratio
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    let (least, most) = (ratios[0], ratios[ratios.len() - 1]);
    let median = ratios[ratios.len() / 2];
    println!("swarm / wrk: median {median:.2}, from {least:.2} to {most:.2}");
}

/// Microseconds of CPU per request.
fn wrk(server: &Nginx, seconds: u64) -> f64 {
    let mut command = Command::pinned(GENERATOR_CORE, "wrk");
    command.args(["-t1", "-c", USERS, "-d", &format!("{seconds}s"), &server.url()]);
    let (output, cpu) = measured(&mut command);
    let output = text(&output.stdout);
    let line = output.lines().find(|line| line.contains(" requests in ")).expect("its summary");
    let requests: f64 = line.split_whitespace().next().expect("a word").parse().expect("a number");
    cpu * 1e6 / requests
}

/// Microseconds of CPU per request, all of the program's work in: start, ramp, statistics, result.
fn swarm(server: &Nginx, seconds: u64) -> f64 {
    let mut command = Command::pinned(GENERATOR_CORE, env!("CARGO_BIN_EXE_one-page"));
    command.args(["--headless", "--json", "--only-summary", "-u", USERS, "-r", "1000"]);
    command.args(["-t", &format!("{seconds}s"), "--host", &server.url()]);
    let (output, cpu) = measured(&mut command);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let requests = report["totals"]["requests"].as_f64().expect("a number");
    cpu * 1e6 / requests
}
