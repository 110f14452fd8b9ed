//! An OAuth2 provider: services, programs that people trust with their password, and people in browsers.

use crate::page::visit;
use crate::settings::PortalSettings;
use swarm_core::prelude::*;

/// A mechanism with the client and the scopes of the settings.
fn as_set(login: OAuth2, settings: &PortalSettings) -> OAuth2 {
    let login = match &settings.client_secret {
        Some(secret) => login.client_secret(secret),
        None => login,
    };
    login.scope(&settings.scope)
}

/// A service with a secret of its own (client credentials).
#[user(wait = between(0.5s, 1s))]
pub struct ServiceAccount {
    client: HttpClient,
    settings: Settings<PortalSettings>,
}

#[tasks]
impl ServiceAccount {
    #[on_start]
    async fn log_in(&mut self) -> TaskResult {
        let PortalSettings { issuer, client_id, client_secret, shared, .. } = &*self.settings;
        let secret = client_secret.as_ref().or_fail("a service needs a secret")?;
        let login = OAuth2::client_credentials(Provider::issuer(issuer), client_id, secret);
        let login = login.scope(&self.settings.scope);
        if *shared {
            self.client.authenticate(Shared::new("service", login)).await?;
        } else {
            self.client.authenticate(login).await?;
        }
        Ok(())
    }

    #[task]
    async fn visit_profile(&mut self) -> TaskResult {
        visit(&self.client, &self.settings).await
    }
}

/// Someone who gives name and password to a program (resource-owner password).
#[user(wait = between(0.5s, 1s))]
pub struct PasswordMember {
    client: HttpClient,
    settings: Settings<PortalSettings>,
}

#[tasks]
impl PasswordMember {
    #[on_start]
    async fn log_in(&mut self) -> TaskResult {
        let PortalSettings { issuer, client_id, username, password, .. } = &*self.settings;
        let login = OAuth2::password(Provider::issuer(issuer), client_id, username, password);
        self.client.authenticate(as_set(login, &self.settings)).await?;
        Ok(())
    }

    #[task]
    async fn visit_profile(&mut self) -> TaskResult {
        visit(&self.client, &self.settings).await
    }
}

/// Someone in a browser, who logs in at the provider and agrees (authorization code with PKCE).
#[user(wait = between(0.5s, 1s))]
pub struct CodeMember {
    client: HttpClient,
    settings: Settings<PortalSettings>,
}

#[tasks]
impl CodeMember {
    #[on_start]
    async fn log_in(&mut self) -> TaskResult {
        let PortalSettings { issuer, client_id, redirect_uri, username, password, .. } =
            &*self.settings;
        // Providers name the field of the name differently; only what a form has is typed.
        let typed = FormFields::new().field("username", username).field("login", username);
        let typed = typed.secret("password", password).field("allow", "Authorize");
        let provider = Provider::issuer(issuer);
        let login = OAuth2::authorization_code(provider, client_id, redirect_uri, typed);
        self.client.authenticate(as_set(login, &self.settings)).await?;
        Ok(())
    }

    #[task]
    async fn visit_profile(&mut self) -> TaskResult {
        visit(&self.client, &self.settings).await
    }
}
