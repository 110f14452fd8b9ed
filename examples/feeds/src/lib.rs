//! Test data of one's own: each shopper has a basket of a file to itself, and all look at the same list of items.
//!
//! ```sh
//! cargo swarm -p feeds --demo --headless -u 5 -r 5 -t 5s
//! ```

use swarm_core::prelude::*;

/// What somebody buys: a row of `baskets.csv`, which belongs to one user at a time.
#[feed(file = "baskets.csv", order = unique)]
#[derive(serde::Deserialize)]
struct Basket {
    shopper: String,
    /// Numbers with `;` between.
    items: String,
}

/// An item that people look at, made by a function; users take turns with them.
#[feed(rows = popular)]
struct Popular(u32);

fn popular() -> Vec<Popular> {
    (1..=100).map(|number| Popular(number * number)).collect()
}

/// Looks at items, and buys what stands in its basket.
#[user(wait = between(0.2s, 0.5s))]
pub struct Shopper {
    client: HttpClient,
    basket: Row<Basket>,
    popular: Feed<Popular>,
}

#[tasks]
impl Shopper {
    #[on_start]
    async fn log_in(&mut self) -> TaskResult {
        let password = Secret::new("correct horse battery staple");
        self.client.authenticate(TokenAuth::login("/login", "demo", &password)).await?;
        Ok(())
    }

    #[task(3)]
    async fn look(&mut self) -> TaskResult {
        let Popular(item) = *self.popular.next()?;
        self.client.get(path!("/item/{item}")).await?;
        Ok(())
    }

    #[task]
    async fn buy(&mut self) -> TaskResult {
        let items =
            self.basket.items.split(';').map(str::parse).collect::<Result<Vec<u32>, _>>()?;
        let checkout = self.client.post("/checkout").json(&items);
        checkout.name(format!("/checkout of {}", self.basket.shopper)).await?;
        Ok(())
    }
}
