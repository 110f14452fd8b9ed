//! The wait times that there are, one class for each.
//!
//! All of them ask for a page that takes 200 milliseconds. It is reported by the wait time, so that the table at the end compares them.
//!
//! ```sh
//! cargo swarm -p waits --demo --headless -u 12 -r 12 -t 5s
//! ```

use swarm_core::prelude::*;

async fn visit(client: &HttpClient, name: &'static str) -> TaskResult {
    client.get("/slow?ms=200").name(name).await?;
    Ok(())
}

/// The same pause after each task: one task in 700 ms.
#[user(wait = constant(500ms))]
pub struct Constant {
    client: HttpClient,
}

#[tasks]
impl Constant {
    #[task]
    async fn visit(&mut self) -> TaskResult {
        visit(&self.client, "constant(500ms)").await
    }
}

/// A pause between two bounds, each length equally likely.
#[user(wait = between(250ms, 750ms))]
pub struct Between {
    client: HttpClient,
}

#[tasks]
impl Between {
    #[task]
    async fn visit(&mut self) -> TaskResult {
        visit(&self.client, "between(250ms, 750ms)").await
    }
}

/// A task in every 500 ms, however long it takes: what is late is not made up.
#[user(wait = constant_pacing(500ms))]
pub struct Paced {
    client: HttpClient,
}

#[tasks]
impl Paced {
    #[task]
    async fn visit(&mut self) -> TaskResult {
        visit(&self.client, "constant_pacing(500ms)").await
    }
}

/// Two tasks in every second: those that are late are made up, back to back.
#[user(wait = constant_throughput(2.0))]
pub struct Steady {
    client: HttpClient,
}

#[tasks]
impl Steady {
    #[task]
    async fn visit(&mut self) -> TaskResult {
        visit(&self.client, "constant_throughput(2.0)").await
    }
}

/// Pauses as between events that know nothing of each other: half a second on average, mostly shorter.
#[user(wait = poisson(2.0))]
pub struct Sporadic {
    client: HttpClient,
}

#[tasks]
impl Sporadic {
    #[task]
    async fn visit(&mut self) -> TaskResult {
        visit(&self.client, "poisson(2.0)").await
    }
}

/// Nine pauses of ten are short; in the tenth somebody reads.
fn think(random: &mut Random) -> Duration {
    if random.unit() < 0.9 { Duration::from_millis(200) } else { Duration::from_secs(2) }
}

/// Pauses by a function of one's own.
#[user(wait = custom(think))]
pub struct Thinker {
    client: HttpClient,
}

#[tasks]
impl Thinker {
    #[task]
    async fn visit(&mut self) -> TaskResult {
        visit(&self.client, "custom(think)").await
    }
}
