use swarm_core::prelude::*;

struct Account {
    name: String,
}

#[user]
struct Shopper {
    client: HttpClient,
    accounts: Feed<Account>,
}

#[tasks]
impl Shopper {
    #[task]
    async fn buy(&mut self) -> TaskResult {
        let account = self.accounts.next()?;
        self.client.get(path!("/{name}", name = account.name)).await?;
        Ok(())
    }
}

fn main() {}
