//! Tasks in the order in which they are declared; and an end of the run that a user decides on.

use swarm_core::prelude::*;

/// Looks at three items, then at the form, and again; when it has seen a thousand, the test has done its work.
#[user(wait = constant(100ms), sequential)]
pub struct Inspector {
    client: HttpClient,
    inspected: u32,
}

#[tasks]
impl Inspector {
    /// The weight says how often in a row.
    #[task(3)]
    async fn inspect_an_item(&mut self) -> TaskResult {
        self.inspected += 1;
        self.client.get(path!("/item/{id}", id = self.inspected)).await?;
        if self.inspected == 1_000 {
            return Err(StopTest::new("all items are inspected").into());
        }
        Ok(())
    }

    #[task]
    async fn inspect_the_form(&mut self) -> TaskResult {
        self.client.get("/register").await?;
        Ok(())
    }
}
