//! Requests over `reqwest`: one word changes the client, and what reqwest can (proxies, client certificates, middleware) is there too.
//!
//! ```sh
//! cargo swarm -p over-reqwest --demo --headless -u 5 -r 5 -t 5s
//! ```

use swarm_core::prelude::*;
use swarm_core::reqwest;

/// The same requests and statistics as with `HttpClient`.
#[user(wait = between(0.2s, 0.5s))]
pub struct Changed {
    client: ReqwestClient,
}

#[tasks]
impl Changed {
    #[task]
    async fn look(&mut self) -> TaskResult {
        self.client.get(path!("/item/{id}", id = 7)).await?.at::<u32>("/price_cents")?;
        Ok(())
    }
}

/// A client of one's own making, with the options of the run to begin with.
#[user(wait = between(0.2s, 0.5s))]
pub struct Made {
    #[init(ReqwestClient::new(made(context)?, context)?)]
    client: ReqwestClient,
}

fn made(context: &Context) -> Result<reqwest::Client, SetupError> {
    let builder = ReqwestClient::builder(context)?;
    builder
        .user_agent("a robot/1")
        .pool_max_idle_per_host(1)
        .build()
        .map_err(SetupError::from_error)
}

#[tasks]
impl Made {
    #[task]
    async fn register(&mut self) -> TaskResult {
        self.client.get("/register").await?;
        Ok(())
    }
}
