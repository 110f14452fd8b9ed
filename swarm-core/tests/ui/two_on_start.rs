use swarm_core::prelude::*;

#[user]
struct Shopper {
    client: HttpClient,
}

#[tasks]
impl Shopper {
    #[on_start]
    async fn hello(&mut self) -> TaskResult {
        self.client.get("/").await?;
        Ok(())
    }

    #[on_start]
    async fn log_in(&mut self) -> TaskResult {
        self.client.get("/").await?;
        Ok(())
    }

    #[task]
    async fn buy(&mut self) -> TaskResult {
        self.client.get("/").await?;
        Ok(())
    }
}

fn main() {}
