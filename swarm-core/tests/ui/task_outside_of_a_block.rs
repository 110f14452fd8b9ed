use swarm_core::prelude::*;

#[user]
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

#[task]
async fn sell() {}

fn main() {}
