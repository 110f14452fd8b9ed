//! A load test that asks for a hundred thousand different URLs, each under a name of its own, as users do who do not know `path!`.

use std::process::ExitCode;
use swarm_core::prelude::*;

const PAGES: u64 = 100_000;
/// Half of the reads go to these, so that many names are seen often.
const POPULAR: u64 = 5_000;

/// Reads pages in no order, a hundred a second, so that a fast machine sees no other figures than a slow one; each tenth is not there.
#[user(wait = constant_throughput(100.0))]
struct Wanderer {
    client: HttpClient,
    context: Context,
}

#[tasks]
impl Wanderer {
    #[task(9)]
    async fn read(&mut self) -> TaskResult {
        let page = self.context.random(|random| {
            let most = *random.choose(&[POPULAR, PAGES]).unwrap_or(&PAGES);
            random.number(1..=most)
        });
        self.client.get(format!("/?page={page}")).await?;
        Ok(())
    }

    #[task]
    async fn look_for_what_is_gone(&mut self) -> TaskResult {
        let page = self.context.random(|random| random.number(1..=PAGES));
        self.client.get(format!("/gone/{page}")).await?;
        Ok(())
    }
}

fn main() -> ExitCode {
    swarm_runner::main()
}
