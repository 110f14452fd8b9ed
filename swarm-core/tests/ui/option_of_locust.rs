use swarm_core::prelude::*;

#[user(wait_time = between(1s, 5s))]
struct Shopper {
    client: HttpClient,
}

#[tasks]
impl Shopper {
    #[task]
    async fn buy(&mut self) -> TaskResult {
        self.client.get("/").await?;
        Ok(())
    }
}

fn main() {}
