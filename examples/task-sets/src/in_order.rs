//! Tasks in the order in which they are declared; and an end of the run that a user decides on.

use swarm_core::prelude::*;

/// Looks at three items, then at the form, and again; when it has seen a thousand, the test has done its work.
#[user(wait = constant(100ms), sequential)]
pub struct Reviewer {
    client: HttpClient,
    reviewed: u32,
}

#[tasks]
impl Reviewer {
    /// The weight says how often in a row.
    #[task(3)]
    async fn review_an_item(&mut self) -> TaskResult {
        self.reviewed += 1;
        self.client.get(path!("/item/{id}", id = self.reviewed)).await?;
        if self.reviewed == 1_000 {
            return Err(StopTest::new("all items are reviewed").into());
        }
        Ok(())
    }

    #[task]
    async fn review_the_form(&mut self) -> TaskResult {
        self.client.get("/register").await?;
        Ok(())
    }
}
