use swarm_core::prelude::*;

struct Account {
    name: String,
}

#[user]
struct Shopper {
    client: HttpClient,
    account: Row<Account>,
}

#[tasks]
impl Shopper {
    #[task]
    async fn buy(&mut self) -> TaskResult {
        self.client.get(path!("/{name}", name = self.account.name)).await?;
        Ok(())
    }
}

fn main() {}
