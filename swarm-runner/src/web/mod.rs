//! The web page and the API beside it, on a thread of their own: what they show is the run's latest snapshot, what they change goes the way of all commands.
//!
//! Nothing here can slow a shard: who looks on reads the snapshot that the conductor makes anyway, and a slow reader skips to the latest.

mod refusal;
mod seals;
mod users;
mod sessions;
mod attempts;
mod pace;
mod place;
mod access;
mod tls;
mod course;
mod site;
mod answers;
mod page;
mod entered;
mod checked;
mod form;
mod commands;
mod changes;
mod stream;
mod files;
mod metrics;
mod runs;
mod guard;
mod login;
mod routes;
mod connections;
mod exporter;

#[cfg(test)]
mod tests;

pub(crate) use exporter::Exporter;
pub(crate) use site::{Answer, Refusal, StartRequest};

use crate::error::UsageError;
use crate::history::History;
use crate::log_lines::LogLines;
use crate::options::Options;
use access::Access;
use site::Site;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;
use swarm_core::context::Resources;
use swarm_core::engine::RunHandle;
use swarm_core::plan::RunSpec;
use swarm_core::secrets::Secrets;
use swarm_core::user::Registry;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::mpsc::{self, Receiver};

/// Starts that may wait for their answer.
const WAITING: usize = 8;

/// The server of the web page, which runs until the program ends.
pub(crate) struct Web {
    site: Arc<Site>,
    address: SocketAddr,
    /// Of a login without users.
    token: Option<String>,
    secrets: Secrets,
}

impl Web {
    /// Starts it. The runs that are wanted there come out of the receiver.
    pub(crate) fn serve(
        handle: RunHandle,
        resources: Resources,
        registry: Registry,
        spec: &RunSpec,
        options: &Options,
        log: Arc<LogLines>,
        history: Arc<History>,
    ) -> Result<(Self, Receiver<StartRequest>), UsageError> {
        let tls = tls::acceptor(&options.web.access)?;
        let (listener, address) = place::listen(&options.web)?;
        let demanded = Access::demanded(&options.web, address)?;
        let (starts, wanted) = mpsc::channel(WAITING);
        let mut site = Site::new(handle, resources, registry, starts, spec, options, log);
        site.history = history;
        let (mut token, mut secrets) = (None, Secrets::default());
        if let Some(demanded) = demanded {
            (token, secrets) = (demanded.token, Secrets::new(demanded.secrets));
            site.access = Some(demanded.access);
        }
        let site = Arc::new(site);
        let router = routes::router(Arc::clone(&site));
        let following = Arc::clone(&site);
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(UsageError::cant_start)?;
        let serve = move || {
            runtime.block_on(async {
                if let Ok(listener) = TcpListener::from_std(listener) {
                    let following = following.course.follow(following.handle.clone());
                    tokio::join!(connections::serve(listener, tls, router), following);
                }
            });
        };
        let thread = thread::Builder::new().name("swarm-web".to_owned()).spawn(serve);
        thread.map_err(UsageError::cant_start)?;
        Ok((Self { site, address, token, secrets }, wanted))
    }

    /// Where it is, for people: with the token, if one is needed, where no server on the way and no log sees it.
    pub(crate) fn link(&self) -> String {
        let url = place::url(self.address, &self.site.options.web);
        match &self.token {
            Some(token) => format!("{url}/login#token={token}"),
            None => url,
        }
    }

    /// What one should know about it.
    pub(crate) fn warning(&self) -> Option<&'static str> {
        let tls = self.site.options.web.access.tls_cert.is_some();
        (place::is_exposed(self.address) && !tls).then_some(
            "who is on the way to this page can read passwords and tokens: \
            add --tls-cert and --tls-key, or reach it by an SSH tunnel without --web-host",
        )
    }

    /// What must not be shown.
    pub(crate) fn secrets(&self) -> Secrets {
        self.secrets.clone()
    }

    /// Tells those who look on that the program ends, and waits a moment for them.
    pub(crate) async fn close(self) {
        self.site.close().await;
    }
}
