//! How many users there are, and when: stages, of all and of one class, and a shape in code.
//!
//! ```sh
//! cargo swarm -p shapes --demo --headless --shape lunch_hour
//! cargo swarm -p shapes --demo --headless --stages 20@2s,20@2s,0@1s --warmup 2s
//! cargo swarm -p shapes --demo --headless
//! ```
//!
//! The last one takes its stages from `swarm.toml`. There the cooks have stages of their own too, which hold whatever the load of all others is.

use swarm_core::prelude::*;

/// A day in six seconds: few guests, many, and few again. It is asked ahead, once for each second, and ends the run with `None`.
#[shape]
fn lunch_hour(time: Duration) -> Option<u32> {
    match time.as_secs() {
        0..2 => Some(2),
        2..4 => Some(20),
        4..6 => Some(5),
        _ => None,
    }
}

/// Comes when others come.
#[user(wait = between(100ms, 300ms))]
pub struct Diner {
    client: HttpClient,
}

#[tasks]
impl Diner {
    #[task]
    async fn read_the_menu(&mut self) -> TaskResult {
        self.client.get("/").await?;
        Ok(())
    }

    #[task(2)]
    async fn order(&mut self) -> TaskResult {
        self.client.get(path!("/item/{id}", id = 7)).await?;
        Ok(())
    }
}

/// Comes by a plan of its own.
#[user(wait = constant_pacing(200ms))]
pub struct Cook {
    client: HttpClient,
}

#[tasks]
impl Cook {
    #[task]
    async fn look_what_was_ordered(&mut self) -> TaskResult {
        self.client.get("/").name("/ (kitchen)").await?;
        Ok(())
    }
}
