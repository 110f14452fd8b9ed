use swarm_core::prelude::*;

#[user]
struct Shopper(HttpClient);

#[tasks]
impl Shopper {
    #[task]
    async fn buy(&mut self) -> TaskResult {
        self.0.get("/").await?;
        Ok(())
    }
}

fn main() {}
