//! What a feed of a million rows costs: time until it is read and checked, memory, and time for each row that a user gets.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a program for its developers: it fails loudly, and prints its figures"
)]

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};
use swarm_core::context::Resources;
use swarm_core::engine::{Command, Event, RunHandle};
use swarm_core::feed::Feeds;
use swarm_core::plan::{ClassSpec, Load, RunSpec};
use swarm_core::prelude::*;
use swarm_core::user::Registry;

const ROWS: u32 = 1_000_000;
/// A task takes so many rows, so that its duration is theirs.
const ROWS_A_RUN: u32 = 100;

#[feed(file = "accounts.csv")]
#[derive(serde::Deserialize)]
struct Account {
    id: u32,
    username: String,
    password: Secret,
    balance: f64,
}

#[feed(file = "accounts.jsonl", order = shuffled)]
#[derive(serde::Deserialize)]
struct JsonAccount {
    id: u32,
    username: String,
    password: Secret,
    balance: f64,
}

macro_rules! reader {
    ($user:ident of $row:ident) => {
        #[user]
        struct $user {
            rows: Feed<$row>,
            sum: f64,
        }

        #[tasks]
        impl $user {
            #[task]
            fn take(&mut self) -> TaskResult {
                for _ in 0..ROWS_A_RUN {
                    let row = self.rows.next()?;
                    self.sum += f64::from(row.id) + row.balance;
                    self.sum += (row.username.len() + row.password.expose().len()) as f64;
                }
                Ok(())
            }
        }
    };
}

reader!(OfCsv of Account);
reader!(OfJson of JsonAccount);

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path());
    let registry = Registry::find().expect("no duplicates");
    // Kept, so that no memory of one is used again for the other.
    let mut kept = Vec::new();
    println!("| file | size MB | ready after s | memory MB | µs a row |");
    println!("|---|---|---|---|---|");
    for (class, file) in [("OfCsv", "accounts.csv"), ("OfJson", "accounts.jsonl")] {
        let resources = Resources::default().with(Feeds::in_folder(folder.path()));
        let (before, started) = (memory(), Instant::now());
        let needs = registry.class(class).expect("declared").needs;
        for check in needs.iter().filter_map(|need| need.check) {
            check(&resources).expect("good rows");
        }
        kept.push(resources.clone());
        let (ready, memory) = (started.elapsed().as_secs_f64(), memory() - before);
        let each = run_ms(&registry, resources, class).await * 1e3 / f64::from(ROWS_A_RUN);
        let file = folder.path().join(file);
        let size = std::fs::metadata(&file).expect("written").len() as f64 / 1e6;
        let name = file.file_name().unwrap_or_default().display();
        println!("| {name} | {size:.1} | {ready:.2} | {memory:.1} | {each:.2} |");
    }
}

fn write(folder: &Path) {
    let mut csv = "id,username,password,balance\n".to_owned();
    let mut json = String::new();
    for id in 0..ROWS {
        let (password, balance) = (id.wrapping_mul(2_654_435_761), f64::from(id % 9_973) / 100.0);
        let _ = writeln!(csv, "{id},customer-{id}@example.com,{password:08x},{balance}");
        let _ = writeln!(
            json,
            r#"{{"id":{id},"username":"customer-{id}@example.com","password":"{password:08x}","balance":{balance}}}"#
        );
    }
    std::fs::write(folder.join("accounts.csv"), csv).expect("room for it");
    std::fs::write(folder.join("accounts.jsonl"), json).expect("room for it");
}

/// The median duration of the runs of a task of one user, ms.
async fn run_ms(registry: &Registry, resources: Resources, class: &str) -> f64 {
    let handle = RunHandle::launch(registry.clone(), resources).expect("a thread");
    let mut events = handle.events();
    handle.send(Command::start(RunSpec {
        load: Load::users(1, 1.0),
        run_time: Some(Duration::from_secs(3)),
        ..RunSpec::new(vec![ClassSpec::new(class, 1)])
    }));
    loop {
        if let Event::Ended { report, .. } = events.recv().await.expect("the conductor lives") {
            return report.tasks[0].duration_ms.p50.expect("runs");
        }
    }
}

/// Resident memory, MB.
fn memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("VmRSS");
    line.trim().trim_end_matches(" kB").parse::<f64>().expect("a number") * 1_024.0 / 1e6
}
