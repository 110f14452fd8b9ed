//! PostgreSQL as its users see it: a query is a request, and so is a connection.

use std::rc::Rc;
use swarm_core::context::Needs;
use swarm_core::prelude::*;
use tokio_postgres::{Client, NoTls, Row, types::ToSql};

/// The server to ask.
#[settings(prefix = "POSTGRES")]
pub struct DatabaseSettings {
    /// Who connects to which database where: `postgres://user:password@host:port/database`.
    #[setting(secret)]
    database_url: Secret,
}

/// The database, for one user.
pub struct Database {
    probe: Probe,
    settings: Settings<DatabaseSettings>,
    client: Option<Rc<Client>>,
}

impl FromContext for Database {
    const NEEDS: Needs = Settings::<DatabaseSettings>::NEEDS;

    fn from_context(context: &Context) -> Result<Self, SetupError> {
        let settings = Settings::from_context(context)?;
        Ok(Self { probe: Probe::from_context(context)?, settings, client: None })
    }
}

impl Database {
    /// The rows of a query, which is reported as `SQL {name}`.
    pub async fn query(
        &mut self,
        name: &str,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, ProbeError> {
        let client = self.client().await?;
        self.probe.measure("SQL", name, client.query(sql, values)).await
    }

    /// The connection: a new one where there is none, or it was lost.
    async fn client(&mut self) -> Result<Rc<Client>, ProbeError> {
        if let Some(client) = self.client.as_ref().filter(|client| !client.is_closed()) {
            return Ok(Rc::clone(client));
        }
        let connect = tokio_postgres::connect(self.settings.database_url.expose(), NoTls);
        let (client, connection) = self.probe.measure("SQL", "connect", connect).await?;
        // It ends when the client is gone.
        tokio::spawn(connection);
        Ok(Rc::clone(self.client.insert(Rc::new(client))))
    }
}
