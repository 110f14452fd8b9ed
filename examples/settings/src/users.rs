//! Users who do as they are told.

use crate::TourSettings;
use swarm_core::prelude::*;

/// Makes the tour.
#[user(wait = constant(200ms))]
pub struct Tourist {
    client: HttpClient,
    context: Context,
    settings: Settings<TourSettings>,
}

#[tasks]
impl Tourist {
    #[on_start]
    async fn log_in(&mut self) -> TaskResult {
        let login = TokenAuth::login("/login", &self.settings.member, &self.settings.passphrase);
        self.client.authenticate(login).await?;
        Ok(())
    }

    #[task]
    async fn tour(&mut self) -> TaskResult {
        let Self { client, context, settings } = self;
        if settings.from_the_entrance {
            client.get("/").await?;
        }
        for stop in 1..=settings.stops {
            let id = settings.route.item_at(stop, context);
            client.get(path!("/item/{id}")).await?;
        }
        if context.random(|random| random.unit()) < settings.buying {
            client.post("/checkout").json(&[settings.stops]).await?;
        }
        Ok(())
    }
}
