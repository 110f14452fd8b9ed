//! Users of two hosts. The second client has ways of its own: a group, a header, connections, a time-out, redirects.
//!
//! ```sh
//! cargo swarm -p two-hosts --demo --headless -u 5 -r 5 -t 5s
//! ```

use swarm_core::prelude::*;

/// Buys at one host, and pays at another.
#[user(wait = constant(200ms))]
pub struct Payer {
    /// The run's host: the one of `--host`.
    shop: HttpClient,
    /// Another one, with a new connection for each request, and little patience.
    #[init(
        HttpClient::builder()
            .host(billing_host(context)?)
            .group("billing")
            .header("x-api-version", "3")
            .keep_alive(false)
            .redirects(0)
            .timeout(2s)
            .build(context)?
    )]
    billing: HttpClient,
}

/// In a real load test this is a text, or comes from `#[settings]`. There is only one demo site, so here it is the run's host too.
fn billing_host(context: &Context) -> Result<&str, SetupError> {
    context.host().ok_or_else(|| SetupError::new("no host: give one by --host, or try --demo"))
}

#[tasks]
impl Payer {
    /// Reported as `/item/{id}` and, with the group, as `billing /slow`.
    #[task]
    async fn buy_and_pay(&mut self) -> TaskResult {
        self.shop.get(path!("/item/{id}", id = 42)).await?;
        self.billing.get("/slow").query(&[("ms", 10)]).name("/slow").await?;
        Ok(())
    }
}
