//! Visitors without an account.

use swarm_core::prelude::*;

/// Someone who looks around without an account.
#[user(weight = 3, wait = between(1s, 5s))]
pub struct UnauthenticatedUser {
    client: HttpClient,
}

#[tasks]
impl UnauthenticatedUser {
    /// Visit the main page of the domain.
    #[task]
    async fn visit_main_page(&mut self) -> TaskResult {
        self.client.get("/").await?;
        Ok(())
    }

    /// Visit the registration page.
    #[task(3)]
    async fn visit_register_page(&mut self) -> TaskResult {
        self.client.get("/register").await?;
        Ok(())
    }
}
