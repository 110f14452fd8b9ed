//! Tasks that lead to each other by chance, as pages do by their links.

use swarm_core::prelude::*;

/// Begins on the main page, and goes where people go from there.
#[user(wait = between(50ms, 150ms))]
pub struct Clicker {
    client: HttpClient,
}

#[tasks]
impl Clicker {
    /// Four of five go on to an item, one to the form.
    #[task]
    #[transition(item, 4)]
    #[transition(form)]
    async fn main_page(&mut self) -> TaskResult {
        self.client.get("/").await?;
        Ok(())
    }

    #[task]
    #[transition(item)]
    #[transition(main_page)]
    async fn item(&mut self) -> TaskResult {
        self.client.get(path!("/item/{id}", id = 7)).await?;
        Ok(())
    }

    #[task]
    #[transition(main_page)]
    async fn form(&mut self) -> TaskResult {
        self.client.get("/register").await?;
        Ok(())
    }
}
