//! A way to log in that swarm does not have, and what is done when a user stops.
//!
//! ```sh
//! cargo swarm -p own-login --demo --headless -u 5 -r 5 -t 5s
//! ```

use std::time::Instant;
use swarm_core::prelude::*;

/// Name and password as JSON; the whole answer is the token.
#[derive(serde::Serialize)]
struct SessionLogin {
    username: &'static str,
    password: &'static str,
}

impl Authenticator for SessionLogin {
    async fn login(&self, client: &HttpClient) -> Result<Credential, AuthError> {
        let answer = client.post("/session").json(self).await?;
        Ok(Credential::bearer(&Secret::new(answer.text()?)))
    }
}

/// The demo site's; a real password belongs into `#[settings]`: see the example `settings`.
const LOGIN: SessionLogin =
    SessionLogin { username: "demo", password: "correct horse battery staple" };

/// Logs in, works, logs out.
#[user(wait = constant(500ms))]
pub struct Member {
    client: HttpClient,
    context: Context,
    /// An `Instant` has no default, so the field says how it is built.
    #[init(Instant::now())]
    came: Instant,
}

#[tasks]
impl Member {
    /// When it fails it is tried again, until the user is in.
    #[on_start]
    async fn log_in(&mut self) -> TaskResult {
        self.client.authenticate(LOGIN).await?;
        Ok(())
    }

    #[task]
    async fn visit_profile(&mut self) -> TaskResult {
        self.client.get("/profile").await?;
        Ok(())
    }

    /// Whatever ended the run; it has five seconds.
    #[on_stop]
    async fn log_out(&mut self) -> TaskResult {
        self.client.delete("/session").await?;
        log::info!("member {} stayed for {:.1?}", self.context.number(), self.came.elapsed());
        Ok(())
    }
}
