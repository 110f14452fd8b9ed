//! What requests are reported as, and what counts as a success.
//!
//! ```sh
//! cargo swarm -p names-and-checks --demo --headless -u 5 -r 5 -t 5s
//! ```

use swarm_core::prelude::*;

/// Looks closely at what it gets.
#[user(wait = constant(100ms))]
pub struct Inspector {
    client: HttpClient,
    items_seen: u32,
}

#[tasks]
impl Inspector {
    /// Requests `/item/1`, `/item/2` and so on; all are reported as `/item/{id}`.
    #[task]
    async fn many_paths_in_one_row(&mut self) -> TaskResult {
        self.items_seen += 1;
        self.client.get(path!("/item/{id}", id = self.items_seen)).await?;
        Ok(())
    }

    /// Without a name this would be reported as `/slow?ms=20`, with its query.
    #[task]
    async fn a_name_of_ones_own(&mut self) -> TaskResult {
        self.client.get("/slow").query(&[("ms", 20)]).name("/slow").await?;
        Ok(())
    }

    /// An answer with status 200 may be wrong: when the check fails, the request has failed.
    #[task]
    async fn an_answer_that_is_checked(&mut self) -> TaskResult {
        self.client
            .get("/item/7")
            .check(|answer| (answer.at::<u32>("/id")? == 7).or_fail("another item"))
            .await?;
        Ok(())
    }

    /// The check alone decides, so that an expected 404 is a success.
    #[task]
    async fn a_page_that_must_not_be_there(&mut self) -> TaskResult {
        self.client
            .get("/secrets")
            .check(|answer| (answer.status() == 404).or_fail("it is there"))
            .await?;
        Ok(())
    }

    /// What fails after the request is an error of the task: the request stays a success.
    #[task]
    async fn an_answer_that_is_used(&mut self) -> TaskResult {
        let answer = self.client.get(path!("/item/{id}", id = 8)).await?;
        let cents: u32 = answer.at("/price_cents")?;
        (cents > 0).or_fail("it costs nothing")?;
        Ok(())
    }
}
