//! A set of tasks with state and waits of its own.

use swarm_core::prelude::*;

/// Passes by, and sometimes goes in.
#[user(wait = between(100ms, 300ms))]
pub struct PasserBy {
    client: HttpClient,
    items_seen: u32,
}

#[tasks]
impl PasserBy {
    #[task(3)]
    async fn pass_by(&mut self) -> Result<Response, RequestError> {
        self.client.get("/").await
    }

    /// Every fourth time it goes into the shop.
    #[task_set(tags = ["shop"])]
    fn shop(&mut self) -> Shop<'_> {
        Shop { visitor: self, shelf: 0 }
    }
}

/// The shop, for one visit: it borrows who is in it.
#[task_set(wait = constant(50ms))]
struct Shop<'u> {
    visitor: &'u mut PasserBy,
    shelf: u32,
}

#[tasks]
impl Shop<'_> {
    #[on_start]
    async fn go_in(&mut self) -> TaskResult {
        self.shelf = 10 * self.visitor.items_seen;
        self.visitor.client.get("/register").name("/register (going in)").await?;
        Ok(())
    }

    #[task(4)]
    async fn look_at_an_item(&mut self) -> TaskResult {
        self.shelf += 1;
        self.visitor.client.get(path!("/item/{id}", id = self.shelf)).await?;
        self.visitor.items_seen += 1;
        Ok(())
    }

    /// An ordinary value ends the visit.
    #[task]
    fn go_out(&mut self) -> ControlFlow<()> {
        ControlFlow::Break(())
    }
}
