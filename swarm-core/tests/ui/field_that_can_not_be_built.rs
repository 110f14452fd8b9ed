use swarm_core::prelude::*;

struct Wallet;

#[user]
struct Shopper {
    client: HttpClient,
    wallet: Wallet,
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
