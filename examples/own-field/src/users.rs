//! Two classes that use the shop.

use crate::shop::Shop;
use swarm_core::prelude::*;

/// Buys the cheaper of two.
#[user(weight = 2, wait = between(100ms, 500ms))]
pub struct BargainHunter {
    shop: Shop,
    context: Context,
}

#[tasks]
impl BargainHunter {
    #[on_start]
    async fn log_in(&mut self) -> TaskResult {
        self.shop.log_in().await
    }

    #[task]
    async fn buy_the_cheaper(&mut self) -> TaskResult {
        let id = self.context.random(|random| random.number(1..=999));
        let (one, other) = (self.shop.item(id).await?, self.shop.item(id + 1).await?);
        let cheaper = if one.price_cents < other.price_cents { one } else { other };
        self.shop.buy(&[&cheaper]).await
    }
}

/// Wants one after the other, and never decides.
#[user(wait = between(100ms, 500ms))]
pub struct Dreamer {
    shop: Shop,
    last_seen: u64,
}

#[tasks]
impl Dreamer {
    #[task]
    async fn look_at_the_next(&mut self) -> TaskResult {
        self.last_seen = self.shop.item(self.last_seen + 1).await?.id;
        Ok(())
    }
}
