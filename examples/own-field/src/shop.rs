//! The shop as its users see it. They know what they want to do; this file knows how it is requested.

use serde::Deserialize;
use std::sync::atomic::{AtomicU64, Ordering};
use swarm_core::context::Needs;
use swarm_core::prelude::*;

/// The number of the next order. All users of the process share it, so that no two orders have the same.
static NEXT_ORDER: AtomicU64 = AtomicU64::new(1);

/// The shop, for one user.
pub struct Shop {
    client: HttpClient,
}

impl FromContext for Shop {
    /// What its client needs: a missing host is told before the run.
    const NEEDS: Needs = HttpClient::NEEDS;

    fn from_context(context: &Context) -> Result<Self, SetupError> {
        // A header with each request by which the service's traces of it are found.
        Ok(Self { client: HttpClient::builder().traceparent(true).build(context)? })
    }
}

/// Something that can be bought.
#[derive(Deserialize)]
pub struct Item {
    pub id: u64,
    pub price_cents: u32,
}

impl Shop {
    /// Logs in: all that follows is done by a customer.
    pub async fn log_in(&self) -> TaskResult {
        // The demo site's; a real password belongs into `#[settings]`: see the example `settings`.
        let password = Secret::new("correct horse battery staple");
        self.client.authenticate(TokenAuth::login("/login", "demo", &password)).await?;
        Ok(())
    }

    /// Gets an item.
    pub async fn item(&self, id: u64) -> Result<Item, TaskError> {
        Ok(self.client.get(path!("/item/{id}")).await?.json()?)
    }

    /// Buys items, by an order with a number of its own.
    pub async fn buy(&self, items: &[&Item]) -> TaskResult {
        let order = NEXT_ORDER.fetch_add(1, Ordering::Relaxed);
        let ids: Vec<u64> = items.iter().map(|item| item.id).collect();
        let request = self.client.post("/checkout").header("x-order", order.to_string());
        let receipt = request.json(&ids).await?;
        receipt.text()?.contains("thank you").or_fail("no receipt")
    }
}
