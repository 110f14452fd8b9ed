//! Who does what, and how often: weights of classes and of tasks, fixed counts, tags.
//!
//! ```sh
//! cargo swarm -p mix --demo --headless -u 9 -r 9 -t 5s
//! cargo swarm -p mix --show-task-ratio
//! cargo swarm -p mix --demo --headless -u 9 -r 9 -t 5s --tags buying
//! ```

use swarm_core::prelude::*;

/// How often tasks are picked. Only ratios count, so one place for all of them is a good one.
const OFTEN: u32 = 4;
const SELDOM: u32 = 1;

/// Three of four users look around.
#[user(weight = 3, wait = between(50ms, 150ms))]
pub struct Stroller {
    client: HttpClient,
}

#[tasks]
impl Stroller {
    #[task(OFTEN)]
    async fn look_at_an_item(&mut self) -> TaskResult {
        self.client.get(path!("/item/{id}", id = 42)).await?;
        Ok(())
    }

    #[task(weight = SELDOM, name = "think about joining", tags = ["account"])]
    async fn register(&mut self) -> TaskResult {
        self.client.get("/register").await?;
        Ok(())
    }
}

/// One of four has an account.
#[user(weight = 1, wait = between(50ms, 150ms))]
pub struct Regular {
    client: HttpClient,
}

#[tasks]
impl Regular {
    #[on_start]
    async fn log_in(&mut self) -> TaskResult {
        // The demo site's; a real password belongs into `#[settings]`: see the example `settings`.
        let password = Secret::new("correct horse battery staple");
        self.client.authenticate(TokenAuth::login("/login", "demo", &password)).await?;
        Ok(())
    }

    #[task(2)]
    async fn look_at_ones_profile(&mut self) -> TaskResult {
        self.client.get("/profile").await?;
        Ok(())
    }

    #[task(tags = ["buying", "account"])]
    async fn buy(&mut self) -> TaskResult {
        self.client.post("/checkout").json(&[42]).await?;
        Ok(())
    }
}

/// One user, however many there are of the others.
#[user(fixed_count = 1, wait = constant_pacing(1s))]
pub struct Watchman {
    client: HttpClient,
}

#[tasks]
impl Watchman {
    #[task]
    async fn see_that_all_is_well(&mut self) -> TaskResult {
        self.client.get("/").name("/ (watched)").await?;
        Ok(())
    }
}
