use swarm_core::prelude::*;

struct Login {
    name: String,
}

#[user]
struct Shopper {
    client: HttpClient,
    login: Settings<Login>,
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
