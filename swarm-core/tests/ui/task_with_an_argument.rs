use swarm_core::prelude::*;

#[user]
struct Shopper {
    client: HttpClient,
}

#[tasks]
impl Shopper {
    #[task]
    async fn buy(&mut self, item: u32) -> TaskResult {
        self.client.get(path!("/{item}")).await?;
        Ok(())
    }
}

fn main() {}
