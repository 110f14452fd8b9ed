//! Without login.

use swarm_core::prelude::*;

/// Someone without an account, who sees only what everybody sees.
#[user(wait = between(0.5s, 1s))]
pub struct Outsider {
    client: HttpClient,
}

#[tasks]
impl Outsider {
    #[task(3)]
    async fn visit_main_page(&mut self) -> TaskResult {
        self.client.get("/").await?;
        Ok(())
    }

    /// The page for members is closed to outsiders, and that is a success.
    #[task]
    async fn is_refused(&mut self) -> TaskResult {
        let refused = self.client.get("/profile").name("/profile (outsider)");
        refused.check(|answer| (answer.status() == 401).or_fail("not refused")).await?;
        Ok(())
    }
}
