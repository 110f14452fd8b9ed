//! Who logs in, and where.

use swarm_core::prelude::*;

/// Who logs in, and where.
#[settings(prefix = "PORTAL", prefix_flags)]
pub struct PortalSettings {
    /// Login name.
    pub username: String,
    /// Password.
    pub password: Secret,
    /// Page with the login form.
    #[setting(default = "/signin")]
    pub form: String,
    /// OAuth2 issuer, whose metadata names its endpoints; the host itself if not given.
    #[setting(default = "/")]
    pub issuer: String,
    /// OAuth2 client.
    pub client_id: String,
    /// Its secret, which a public client has not.
    pub client_secret: Option<Secret>,
    /// Where the provider leads back to with a code; nothing has to listen there.
    #[setting(default = "http://127.0.0.1:1/callback")]
    pub redirect_uri: String,
    /// Scopes to ask for.
    #[setting(default = "")]
    pub scope: String,
    /// Whether all service accounts share one token.
    #[setting(default = true)]
    pub shared: bool,
    /// What only members see.
    #[setting(default = "/profile")]
    pub page: String,
}
