//! A user that makes requests of every sort, under names that are hard to write.

use swarm_core::prelude::*;

/// Names with what formats escape, forbid or count wrongly.
const NAMES: [&str; 8] = [
    "a \"quoted\" name",
    "back\\slash and \\n",
    "two\nlines\r\nand\ta tab",
    "<script>alert('&amp;')</script>",
    "ünïcödé 中文 🐝",
    "\u{0}\u{1b}[31m",
    "{le=\"+Inf\"} 1e999",
    "",
];

/// Asks for what is there, what is not, what moved and what never comes; measures something else too.
#[user(wait = constant(5ms))]
struct Traceable {
    client: HttpClient,
    probe: Probe,
}

#[tasks]
impl Traceable {
    #[task(weight = 20)]
    async fn asks(&mut self) -> TaskResult {
        for (number, name) in NAMES.into_iter().enumerate() {
            self.client.get(format!("/item?number={number}&q=%22ü%22")).name(name).await?;
        }
        self.client.get("/moved").await?;
        self.client.get("/missing").await?;
        Ok(())
    }

    #[task(weight = 20)]
    async fn measures(&mut self) -> TaskResult {
        let nothing = async { Ok::<_, TaskError>(()) };
        self.probe.measure("CALL", "nothing", nothing).await?;
        let refused = async { Err::<(), _>(TaskError::new("no")) };
        self.probe.step("step", self.probe.measure("CALL", "refused", refused)).await?;
        Ok(())
    }

    #[task(weight = 4)]
    async fn gives_up(&mut self) -> TaskResult {
        self.client.get("/never").timeout(Duration::from_millis(20)).await?;
        Ok(())
    }

    /// Until the end of the run.
    #[task]
    async fn waits(&mut self) -> TaskResult {
        self.client.get("/never/ends").await?;
        Ok(())
    }
}
