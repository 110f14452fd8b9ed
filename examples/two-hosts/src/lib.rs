//! Users of two hosts, whose clients have ways of their own: groups, headers, connections, time-outs, redirects.
//!
//! ```sh
//! cargo swarm -p two-hosts --demo --headless -u 5 -r 5 -t 5s
//! ```

use swarm_core::prelude::*;

/// Buys at one host, and looks at the bill on another.
#[user(wait = constant(200ms))]
pub struct Payer {
    /// Keeps its connections, as clients do if not told otherwise.
    #[init(HttpClient::builder().group("shop").header("accept-language", "en").build(context)?)]
    shop: HttpClient,
    /// A new connection for each request, and little patience.
    #[init(
        HttpClient::builder()
            .host(billing_host(context)?)
            .group("billing")
            .keep_alive(false)
            .redirects(0)
            .timeout(2s)
            .build(context)?
    )]
    billing: HttpClient,
}

/// The run's host, because the demo site is only one. In a real load test it is a text, or comes from `#[settings]`.
fn billing_host(context: &Context) -> Result<&str, SetupError> {
    context.host().ok_or_else(|| SetupError::new("no host: give one by --host, or try --demo"))
}

#[tasks]
impl Payer {
    /// Reported as `shop /item/{id}` and `billing /slow`.
    #[task]
    async fn buy_and_pay(&mut self) -> TaskResult {
        self.shop.get(path!("/item/{id}", id = 42)).await?;
        self.billing.get("/slow").query(&[("ms", 10)]).name("/slow").await?;
        Ok(())
    }
}
