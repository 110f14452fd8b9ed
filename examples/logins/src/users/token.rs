//! A login endpoint that gives a token.

use crate::page::visit;
use crate::settings::PortalSettings;
use swarm_core::prelude::*;

/// Someone in an app, which logs in at an endpoint and keeps the token.
#[user(wait = between(0.5s, 1s))]
pub struct TokenMember {
    client: HttpClient,
    settings: Settings<PortalSettings>,
}

#[tasks]
impl TokenMember {
    #[on_start]
    async fn log_in(&mut self) -> TaskResult {
        let login = TokenAuth::login("/login", &self.settings.username, &self.settings.password);
        self.client.authenticate(login).await?;
        Ok(())
    }

    #[task]
    async fn visit_profile(&mut self) -> TaskResult {
        visit(&self.client, &self.settings).await
    }
}
