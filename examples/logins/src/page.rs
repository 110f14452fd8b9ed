//! What members do, however they have logged in.

use crate::settings::PortalSettings;
use swarm_core::prelude::*;

/// Looks at the page that only members see.
pub async fn visit(client: &HttpClient, settings: &PortalSettings) -> TaskResult {
    client.get(settings.page.as_str()).await?;
    Ok(())
}
