//! A load test with listeners, which tell on standard error what they hear, for the end-to-end tests.

#![expect(clippy::print_stderr, reason = "that is how it is heard")]

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use swarm_core::prelude::*;
use swarm_core::stats::Kind;

/// Logs in, and asks for two pages, one of which is not there.
#[user(wait = constant(50ms))]
struct Reader {
    client: HttpClient,
}

#[tasks]
impl Reader {
    #[on_start]
    async fn log_in(&mut self) -> TaskResult {
        let password = Secret::new(swarm_runner::DEMO_PASSWORD);
        let login = TokenAuth::login("/login", swarm_runner::DEMO_USERNAME, &password);
        self.client.authenticate(login).await?;
        Ok(())
    }

    #[task]
    async fn read(&mut self) -> TaskResult {
        self.client.get("/").await?;
        Ok(())
    }

    #[task]
    async fn seek(&mut self) -> TaskResult {
        self.client.get("/missing").await?;
        Ok(())
    }
}

static LOGINS: AtomicU64 = AtomicU64::new(0);
static ANSWERED: AtomicU64 = AtomicU64::new(0);
static FAILED: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);

/// Whether the tests want it, by a variable.
fn asked(variable: &str) -> bool {
    std::env::var_os(variable).is_some()
}

#[event(init)]
fn init(run: &RunSpec) {
    eprintln!("heard: init for {}", run.load);
}

#[event(test_start)]
async fn test_start(_: &RunSpec) -> TaskResult {
    eprintln!("heard: test_start");
    if asked("FAIL_AT_START") {
        Err("no such table").or_fail("can't seed")?;
    }
    if asked("WAIT_AT_START") {
        std::future::pending::<()>().await;
    }
    Ok(())
}

#[event(user_start)]
fn user_start(context: &Context) {
    eprintln!("heard: user_start of {}", context.class());
}

#[event(request)]
fn request(event: &RequestEvent<'_>) {
    match (event.kind, event.error()) {
        (Kind::Auth, None) => &LOGINS,
        (_, Some(_)) => &FAILED,
        (_, None) => &ANSWERED,
    }
    .fetch_add(1, Ordering::Relaxed);
    BYTES.fetch_add(event.bytes, Ordering::Relaxed);
    if asked("PANIC_AT_REQUESTS") {
        panic_at(event.name);
    }
}

#[expect(clippy::panic, reason = "it is what the tests want")]
fn panic_at(name: &str) {
    panic!("at {name}");
}

#[event(spawning_complete)]
fn spawning_complete(users: u32) {
    eprintln!("heard: spawning_complete with {users} users");
}

#[event(stopping)]
fn stopping(why: &Ending) {
    eprintln!("heard: stopping because {why}");
}

#[event(user_stop)]
fn user_stop(context: &Context) {
    eprintln!("heard: user_stop of {}", context.class());
}

#[event(test_stop)]
fn test_stop(report: &Report) {
    let counts = [&LOGINS, &ANSWERED, &FAILED, &BYTES].map(|count| count.load(Ordering::Relaxed));
    eprintln!("heard: test_stop with {} requests", report.totals.requests);
    eprintln!("counted: {counts:?}");
}

#[event(quitting)]
fn quitting(event: &mut Quitting) {
    eprintln!("heard: quitting with {}", event.exit_code);
    if asked("EXIT_WITH_SEVEN") {
        event.exit_code = 7;
    }
}

fn main() -> ExitCode {
    swarm_runner::main()
}
