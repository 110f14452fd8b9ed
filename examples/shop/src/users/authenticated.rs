//! Customers with an account.

use crate::settings::ShopSettings;
use swarm_core::prelude::*;

/// Someone with an account: logs in once, then works.
#[user(wait = between(1s, 5s))]
pub struct AuthenticatedUser {
    client: HttpClient,
    settings: Settings<ShopSettings>,
    basket: Vec<u32>,
}

#[derive(serde::Deserialize)]
struct Item {
    id: u32,
}

#[tasks]
impl AuthenticatedUser {
    #[on_start]
    async fn login(&mut self) -> TaskResult {
        let login = TokenAuth::login("/login", &self.settings.username, &self.settings.password);
        self.client.authenticate(login).await?;
        Ok(())
    }

    #[task(2)]
    async fn visit_profile(&mut self) -> TaskResult {
        self.client.get("/profile").await?;
        Ok(())
    }

    #[task(weight = 1, tags = ["checkout"])]
    async fn buy(&mut self) -> TaskResult {
        let item = self.client.get(path!("/item/{id}", id = 42)).await?.json::<Item>()?;
        self.basket.push(item.id);
        self.client
            .post("/checkout")
            .json(&self.basket)
            .check(|response| response.text()?.contains("thank you").or_fail("no receipt"))
            .await?;
        Ok(())
    }
}
