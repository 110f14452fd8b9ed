//! Users to whom something happens: they panic, fail, or can't even begin.

#![expect(clippy::panic, reason = "users that panic")]

use swarm_core::prelude::*;

/// Panics in one task and fails in another, at length.
#[user(wait = constant(20ms))]
struct Clumsy {
    client: HttpClient,
}

#[tasks]
impl Clumsy {
    #[task]
    async fn panics(&mut self) -> TaskResult {
        self.client.get("/browse").await?;
        log::warn!("about to break");
        panic!("it broke\n  in the first place\n    and in the second");
    }

    #[task]
    fn fails(&mut self) -> TaskResult {
        Err(TaskError::new("it failed\n  first\n    second"))
    }
}

/// Never gets in.
#[user(wait = constant(20ms))]
struct LockedOut {
    client: HttpClient,
}

#[tasks]
impl LockedOut {
    #[on_start]
    async fn log_in(&mut self) -> TaskResult {
        let _ = self.client.get("/locked").await;
        Err(TaskError::new("there is no way in"))
    }

    #[task]
    async fn browse(&mut self) -> TaskResult {
        self.client.get("/browse").await?;
        Ok(())
    }
}
