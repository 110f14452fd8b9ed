//! The web page and the API beside it, on a thread of their own: what they show is the run's latest snapshot, what they change goes the way of all commands.
//!
//! Nothing here can slow a shard: who looks on reads the snapshot that the conductor makes anyway, and a slow reader skips to the latest.

mod refusal;
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
mod guard;
mod routes;
mod connections;

#[cfg(test)]
mod tests;

pub(crate) use site::{Answer, Refusal, StartRequest};

use crate::error::UsageError;
use crate::log_lines::LogLines;
use crate::options::Options;
use crate::web_options::WebOptions;
use site::Site;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread;
use swarm_core::context::Resources;
use swarm_core::engine::RunHandle;
use swarm_core::plan::RunSpec;
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
    base_path: String,
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
    ) -> Result<(Self, Receiver<StartRequest>), UsageError> {
        let (listener, address) = listen(&options.web)?;
        let (starts, wanted) = mpsc::channel(WAITING);
        let site = Site::new(handle, resources, registry, starts, spec, options, log);
        let site = Arc::new(site);
        let router = routes::router(Arc::clone(&site));
        let following = Arc::clone(&site);
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(UsageError::cant_start)?;
        let serve = move || {
            runtime.block_on(async {
                if let Ok(listener) = TcpListener::from_std(listener) {
                    let following = following.course.follow(following.handle.clone());
                    tokio::join!(connections::serve(listener, router), following);
                }
            });
        };
        let thread = thread::Builder::new().name("swarm-web".to_owned()).spawn(serve);
        thread.map_err(UsageError::cant_start)?;
        Ok((Self { site, address, base_path: options.web.web_base_path.clone() }, wanted))
    }

    /// Where it is, for people.
    pub(crate) fn url(&self) -> String {
        let Self { address, base_path, .. } = self;
        match address.ip() == Ipv4Addr::LOCALHOST {
            true => format!("http://localhost:{}{base_path}", address.port()),
            false => format!("http://{address}{base_path}"),
        }
    }

    /// Tells those who look on that the program ends, and waits a moment for them.
    pub(crate) async fn close(self) {
        self.site.close().await;
    }
}

/// A listener at the place that the options say, which must be on this machine only.
fn listen(options: &WebOptions) -> Result<(std::net::TcpListener, SocketAddr), UsageError> {
    let WebOptions { web_host, web_port, .. } = options;
    let cant = |error: std::io::Error| {
        UsageError::new(format!("can't serve the web page on {web_host}:{web_port}: {error}"))
            .help("choose another port by --web-port (0: a free one), or run with --headless")
    };
    let host = web_host.trim_start_matches('[').trim_end_matches(']');
    let listener = std::net::TcpListener::bind((host, *web_port)).map_err(cant)?;
    listener.set_nonblocking(true).map_err(cant)?;
    let address = listener.local_addr().map_err(cant)?;
    if !address.ip().is_loopback() {
        let error = UsageError::new(format!("the web page has no login: not on {web_host}"));
        return Err(error.help("leave out --web-host, and reach it by an SSH tunnel"));
    }
    Ok((listener, address))
}
