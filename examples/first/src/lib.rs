//! The smallest load test: one class of users with one task.
//!
//! ```sh
//! cargo swarm -p first --demo --headless -u 5 -r 5 -t 5s
//! ```

use swarm_core::prelude::*;

/// Looks at the main page, rests a second, looks again.
#[user(wait = constant(1s))]
pub struct Guest {
    client: HttpClient,
}

#[tasks]
impl Guest {
    #[task]
    async fn visit_main_page(&mut self) -> TaskResult {
        self.client.get("/").await?;
        Ok(())
    }
}
