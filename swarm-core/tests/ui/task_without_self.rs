use swarm_core::prelude::*;

#[user]
struct Shopper {
    client: HttpClient,
}

#[tasks]
impl Shopper {
    #[task]
    async fn buy() -> TaskResult {
        Ok(())
    }
}

fn main() {}
