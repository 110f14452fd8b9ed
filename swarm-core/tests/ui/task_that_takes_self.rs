use swarm_core::prelude::*;

#[user]
struct Shopper {
    client: HttpClient,
}

#[tasks]
impl Shopper {
    #[task]
    async fn buy(self) -> TaskResult {
        self.client.get("/").await?;
        Ok(())
    }
}

fn main() {}
