//! Who is started from the page in these tests.

use swarm_core::prelude::*;

/// Who surfs.
#[settings(prefix = "SURF")]
struct Board {
    /// How it is called.
    #[setting(default = "duck")]
    name: String,
    /// How long it is.
    #[setting(default = 3)]
    length: u32,
    /// Only for those who know it.
    #[setting(secret)]
    password: Secret,
}

/// Looks around.
#[user(weight = 3, wait = constant(10ms))]
struct Surfer {
    client: HttpClient,
    board: Settings<Board>,
}

#[tasks]
impl Surfer {
    #[task(3)]
    async fn look(&mut self) -> TaskResult {
        log::info!(
            "{} of {} looks with {}",
            self.board.name,
            self.board.length,
            self.board.password.expose()
        );
        self.client.get("/").await?;
        Ok(())
    }

    #[task(tags = ["buying"])]
    async fn register(&mut self) -> TaskResult {
        self.client.get("/register").await?;
        Ok(())
    }
}

/// Comes and goes.
#[user(visits = 2/s)]
struct Passenger {
    client: HttpClient,
}

#[tasks]
impl Passenger {
    #[task(tags = ["buying"])]
    async fn come(&mut self) -> TaskResult {
        self.client.get("/").await?;
        Ok(())
    }
}

/// Is there, but fixed in number.
#[user(fixed_count = 2, wait = constant(1s))]
struct Lifeguard;

#[tasks]
impl Lifeguard {
    #[task]
    fn watch(&mut self) {}
}
