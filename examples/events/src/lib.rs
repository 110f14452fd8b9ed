//! Something done before, during and after a run: functions that listen to its events, and a verdict of one's own.
//!
//! ```sh
//! cargo swarm -p events --demo --headless -u 5 -r 5 -t 5s
//! ```

use std::sync::atomic::{AtomicU64, Ordering};
use swarm_core::prelude::*;

/// Looks at items.
#[user(wait = between(50ms, 250ms))]
pub struct Browser {
    client: HttpClient,
    context: Context,
}

#[tasks]
impl Browser {
    #[task]
    async fn look_at_an_item(&mut self) -> TaskResult {
        let id = self.context.random(|random| random.number(1..=1_000));
        self.client.get(path!("/item/{id}")).await?;
        Ok(())
    }
}

/// What listeners remember stands in statics, because functions have no fields.
static LARGEST_ANSWER: AtomicU64 = AtomicU64::new(0);

/// Users wait for it: here a database could be filled, or a cache be warmed.
#[event(test_start)]
async fn announce(run: &RunSpec) -> TaskResult {
    let host = run.host.as_deref().or_fail("this load test needs a host")?;
    // Standard output is the result's.
    eprintln!("{} are about to come to {host}", run.load);
    Ok(())
}

/// Stands in the path of each request, so it does next to nothing.
#[event(request)]
fn measure(event: &RequestEvent<'_>) {
    LARGEST_ANSWER.fetch_max(event.bytes, Ordering::Relaxed);
}

#[event(spawning_complete)]
fn all_there(users: u32) {
    eprintln!("all {users} are there");
}

/// May take its time again: here the database could be emptied.
#[event(test_stop)]
async fn sum_up(report: &Report) {
    let largest = LARGEST_ANSWER.load(Ordering::Relaxed);
    eprintln!("{} requests; the largest answer had {largest} bytes", report.totals.requests);
}

/// One failure in a hundred is allowed, which the exit code 1 does not know.
#[event(quitting)]
fn judge(event: &mut Quitting) {
    let totals = &event.report.totals;
    let only_failures = totals.failures > 0 && event.report.exceptions.is_empty();
    if only_failures && totals.failures * 100 <= totals.requests {
        event.exit_code = 0;
    }
}
