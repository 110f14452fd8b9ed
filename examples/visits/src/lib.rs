//! People who come, act and go: they arrive at a rate, however many are still there.
//!
//! ```sh
//! cargo swarm -p visits --demo --headless -t 5s
//! cargo swarm -p visits --demo --headless -t 5s --rate-of Customer=20/s --arrivals poisson
//! cargo swarm -p visits --demo --headless -t 5s --class Gazer --stages-of Gazer=0/s@0s,50/s@5s --max-users 5
//! ```
//!
//! Whether the target is quick or slow, as many come; if it is slow, more are there at one time, up to `--max-users`. What comes beyond is dropped and counted.
//! The operator is a user as in other load tests: it stays, and goes on when its last task is over.

use swarm_core::prelude::*;

/// Looks at an item, thinks, asks for it and leaves. Each customer is a new user: nothing is left of the one before.
#[user(visits = 5/s, sequential, wait = between(50ms, 150ms))]
pub struct Customer {
    client: HttpClient,
    context: Context,
    item: u64,
}

#[tasks]
impl Customer {
    #[task]
    async fn look(&mut self) -> TaskResult {
        self.item = self.context.random(|random| random.number(1..=99));
        self.client.get(path!("/item/{id}", id = self.item)).await?;
        Ok(())
    }

    #[task]
    async fn ask(&mut self) -> TaskResult {
        self.client.get("/register").query(&[("item", self.item)]).await?;
        Ok(())
    }
}

/// Looks at three pages, by chance, and leaves.
#[user(visits = 600/m, iterations = 3)]
pub struct Gazer {
    client: HttpClient,
}

#[tasks]
impl Gazer {
    #[task(2)]
    async fn look_at_the_main_page(&mut self) -> TaskResult {
        self.client.get("/").await?;
        Ok(())
    }

    #[task]
    async fn look_at_the_weather(&mut self) -> TaskResult {
        self.client.get("/slow").await?;
        Ok(())
    }
}

/// Is there all the time.
#[user(fixed_count = 1, wait = constant_pacing(500ms))]
pub struct Operator {
    client: HttpClient,
}

#[tasks]
impl Operator {
    #[task]
    async fn look_at_the_figures(&mut self) -> TaskResult {
        self.client.get("/").name("/ (operator)").await?;
        Ok(())
    }
}
