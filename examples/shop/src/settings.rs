//! What the load test is told by its user.

use swarm_core::prelude::*;

/// Who logs in. From the command line, the environment, `.env` or `swarm.toml`, in that order
/// (the example's `swarm.toml` has the demo site's password).
#[settings(prefix = "SHOP")]
pub struct ShopSettings {
    /// Login name.
    #[setting(default = "demo")]
    pub username: String,
    /// Password; never printed, logged or sent to the web page.
    #[setting(secret)]
    pub password: Secret,
}
