//! Name and password with every request.

use crate::page::visit;
use crate::settings::PortalSettings;
use swarm_core::prelude::*;

/// A program that sends name and password with every request.
#[user(wait = between(0.5s, 1s))]
pub struct BasicMember {
    client: HttpClient,
    settings: Settings<PortalSettings>,
}

#[tasks]
impl BasicMember {
    #[on_start]
    async fn log_in(&mut self) -> TaskResult {
        let login = BasicAuth::new(&self.settings.username, &self.settings.password);
        self.client.authenticate(login).await?;
        Ok(())
    }

    #[task]
    async fn visit_profile(&mut self) -> TaskResult {
        visit(&self.client, &self.settings).await
    }
}
