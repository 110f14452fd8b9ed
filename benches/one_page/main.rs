//! A load test of one class with one task and no wait time: the least that a user can do.

use std::process::ExitCode;
use swarm_core::prelude::*;

/// Asks for one page, again and again.
#[user]
struct Reader {
    client: HttpClient,
}

#[tasks]
impl Reader {
    #[task]
    async fn read(&mut self) -> TaskResult {
        self.client.get("/").await?;
        Ok(())
    }
}

fn main() -> ExitCode {
    swarm_runner::main()
}
