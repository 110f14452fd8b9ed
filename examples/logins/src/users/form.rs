//! The login form of a web page.

use crate::page::visit;
use crate::settings::PortalSettings;
use swarm_core::prelude::*;

/// Someone in a browser, who fills in the login form and keeps the cookie.
#[user(wait = between(0.5s, 1s))]
pub struct FormMember {
    client: HttpClient,
    settings: Settings<PortalSettings>,
}

#[tasks]
impl FormMember {
    #[on_start]
    async fn log_in(&mut self) -> TaskResult {
        let PortalSettings { form, username, password, .. } = &*self.settings;
        let login = FormAuth::new(form).field("username", username).secret("password", password);
        self.client.authenticate(login).await?;
        Ok(())
    }

    #[task]
    async fn visit_profile(&mut self) -> TaskResult {
        visit(&self.client, &self.settings).await
    }
}
