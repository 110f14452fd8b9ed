//! A task of several steps: requests side by side, pauses and chance in between, an early end.
//!
//! The same `--seed` gives each user the same journey.
//!
//! ```sh
//! cargo swarm -p journey --demo --headless -u 5 -r 5 -t 5s --seed 7
//! ```

use swarm_core::prelude::*;

/// Comes, looks at some items, joins perhaps, and goes.
#[user(wait = between(50ms, 250ms))]
pub struct Wanderer {
    client: HttpClient,
    context: Context,
}

#[tasks]
impl Wanderer {
    #[task]
    async fn wander(&mut self) -> TaskResult {
        // Two requests at once, as a browser sends them.
        let (page, form) = join!(self.client.get("/"), self.client.get("/register"));
        page?;
        form?;

        let stops = self.context.random(|random| random.number(1..=4));
        for _ in 0..stops {
            // As between two tasks; the pause does not count as time of the task.
            self.context.wait().await;
            if self.context.is_stopping() {
                return Ok(());
            }
            self.look_at_some_item().await?;
        }

        let joins = self.context.random(|random| random.unit() < 0.2);
        if joins {
            self.client.get("/register").name("/register (joins)").await?;
        }
        Ok(())
    }
}

impl Wanderer {
    /// A step is a method like any other.
    async fn look_at_some_item(&self) -> TaskResult {
        let id = self.context.random(|random| random.number(1..=1_000));
        self.client.get(path!("/item/{id}")).await?;
        Ok(())
    }
}
