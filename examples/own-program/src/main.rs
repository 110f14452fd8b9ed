//! A load test with a `main` of its own: it does something before the first user starts and after the last has stopped.
//!
//! `cargo swarm` sees that the package depends on swarm-runner and has a program, and runs that as it is.
//!
//! ```sh
//! cargo swarm -p own-program --demo --headless -u 5 -r 5 -t 5s
//! cargo run -p own-program -- --demo --headless -u 5 -r 5 -t 5s
//! ```

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use swarm_core::prelude::*;

/// How often the users of the process have bought something.
static PURCHASES: AtomicU64 = AtomicU64::new(0);

fn main() -> ExitCode {
    // Here test data could be made, or a target be started; `--help` and `--list-classes` come this way too.
    let code = swarm_runner::main();
    // Standard output is the result's.
    eprintln!("purchases: {}", PURCHASES.load(Ordering::Relaxed));
    code
}

/// Buys all that it has bought before, and one more.
#[user(wait = constant(200ms))]
struct Hoarder {
    client: HttpClient,
    basket: Vec<usize>,
}

#[tasks]
impl Hoarder {
    #[on_start]
    async fn log_in(&mut self) -> TaskResult {
        // The demo site's, which swarm-runner knows; a real password belongs into `#[settings]`.
        let password = Secret::new(swarm_runner::DEMO_PASSWORD);
        let login = TokenAuth::login("/login", swarm_runner::DEMO_USERNAME, &password);
        self.client.authenticate(login).await?;
        Ok(())
    }

    #[task]
    async fn buy_one_more(&mut self) -> TaskResult {
        self.basket.push(self.basket.len());
        self.client.post("/checkout").json(&self.basket).await?;
        PURCHASES.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}
