//! What a page that looks on costs the load: instructions per request of the thread that makes the requests, with ten thousand names, counted by valgrind.
//!
//! `cargo bench -p swarm-benches --bench page_open` needs valgrind, whose counts hardly depend on what else the machine does. It runs the same load with
//! nobody looking on and with one who reads the stream of events, in turns, and fails if the second costs the shard 2 % more.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a program for its developers: it fails loudly, and prints its figures"
)]

use serde_json::Value;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{ChildStderr, Command, ExitCode, Stdio};
use std::thread::{self, JoinHandle};
use swarm_benches::cpu::Pinned as _;
use swarm_benches::nginx::Nginx;
use swarm_benches::option;

/// A hundred requests a second each: as many as valgrind can follow.
const USERS: &str = "5";
const NAMES: &str = "10000";
/// By how much a page may raise what a request costs the shard.
const MOST: f64 = 1.02;
/// Where the shard's thread spends its time, and no other.
const SHARD: &str = "user_loop";

/// Instructions per request.
struct Cost {
    shard: f64,
    process: f64,
    names: usize,
    read: u64,
}

fn main() -> ExitCode {
    let (rounds, seconds) = (option("--rounds", 2), option("--seconds", 60));
    let server = Nginx::start(0, 100);
    let mut ratios: Vec<f64> = (1..=rounds)
        .map(|round| {
            let (alone, seen) = (run(&server, seconds, false), run(&server, seconds, true));
            let ratio = seen.shard / alone.shard;
            println!(
                "round {round}: {:.0} instructions a request on the shard alone, {:.0} with a page open, ratio {ratio:.4}; \
                 of the whole process {:.0} and {:.0}; {} names, {} KB read by the page",
                alone.shard,
                seen.shard,
                alone.process,
                seen.process,
                seen.names,
                seen.read / 1_000
            );
            ratio
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    let median = ratios[ratios.len() / 2];
    println!("with a page open / alone: median {median:.4}, at most {MOST}");
    if median <= MOST { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// One run, with its page open or not.
fn run(server: &Nginx, seconds: u64, open: bool) -> Cost {
    let folder = tempfile::tempdir().expect("a folder");
    let (counts, result) = (folder.path().join("counts"), folder.path().join("result.json"));
    // One core, so that there is one shard.
    let mut load = Command::pinned(1, "valgrind")
        .args(["-q", "--tool=callgrind", "--separate-threads=yes"])
        .arg(format!("--callgrind-out-file={}", counts.display()))
        .arg(env!("CARGO_BIN_EXE_many-pages"))
        .args(["--autostart", "--autoquit", "0", "--web-port", "0", "--max-names", NAMES])
        .args(["-u", USERS, "-r", "1000", "-t", &format!("{seconds}s"), "--host", &server.url()])
        .args(["--exit-code-on-error", "0", "--only-summary", "--json-file"])
        .arg(&result)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("valgrind is installed");
    let mut messages = BufReader::new(load.stderr.take().expect("a pipe"));
    let page = open.then(|| look_on(&port(&mut messages)));
    let rest = thread::spawn(move || messages.read_to_end(&mut Vec::new()));
    let status = load.wait().expect("a child");
    rest.join().expect("no panic").expect("a pipe");
    let read = page.map_or(0, |page| page.join().expect("no panic"));
    let report: Value =
        serde_json::from_slice(&fs::read(&result).expect("a result")).expect("JSON");
    assert!(report["totals"]["requests"].as_u64() > Some(0), "it failed: {status}");
    let wire = &report["wire"]["answered"];
    let requests = wire.as_f64().expect("a number");
    let threads = threads(folder.path());
    let of = |wanted: fn(&Thread) -> bool| {
        threads
            .iter()
            .filter(|thread| wanted(thread))
            .map(|thread| thread.instructions)
            .sum::<f64>()
    };
    Cost {
        shard: of(|thread| thread.is_shard) / requests,
        process: of(|_| true) / requests,
        names: report["requests"].as_array().expect("a list").len(),
        read,
    }
}

/// The port of the page, from what the load test says.
fn port(messages: &mut BufReader<ChildStderr>) -> String {
    let mut lines = messages.by_ref().lines().map_while(Result::ok);
    let line = lines.find(|line| line.contains("web page on ")).expect("it says where its page is");
    line.rsplit(':').next().expect("a port").trim_end_matches('/').to_owned()
}

/// Reads the stream of events to its end. Returns how many bytes there were.
fn look_on(port: &str) -> JoinHandle<u64> {
    let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).expect("it listens");
    let request = format!("GET /api/v1/events HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("open");
    thread::spawn(move || std::io::copy(&mut stream, &mut std::io::sink()).unwrap_or_default())
}

struct Thread {
    instructions: f64,
    is_shard: bool,
}

/// What was counted, thread by thread: each has a file.
fn threads(folder: &Path) -> Vec<Thread> {
    let files = fs::read_dir(folder).expect("a folder").filter_map(Result::ok);
    let texts = files
        .filter(|file| file.file_name().to_string_lossy().starts_with("counts"))
        .map(|file| fs::read_to_string(file.path()).expect("text"));
    texts
        .filter_map(|text| {
            let total = text.lines().find_map(|line| line.strip_prefix("totals: "))?;
            let instructions = total.trim().parse().expect("a number");
            Some(Thread { instructions, is_shard: text.contains(SHARD) })
        })
        .collect()
}
