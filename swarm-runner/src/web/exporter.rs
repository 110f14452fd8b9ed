//! A small server with nothing but metrics, for runs without the page, or beside it.
//!
//! As is usual for exporters, it asks for no login: what it tells has no secrets, but the names of requests, tasks and hosts. So it is served to this machine
//! alone, unless another address is given.

use super::connections;
use super::guard::{check_host, mark};
use super::metrics::exposition;
use super::pace::Pace;
use super::place::{authority, bind, is_exposed};
use super::refusal::Refused;
use crate::error::UsageError;
use crate::metrics::Kept;
use crate::metrics_options::MetricsAddr;
use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use swarm_core::engine::RunHandle;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::time::Instant;

/// The server of metrics, which runs until the program ends.
pub(crate) struct Exporter {
    pub(super) address: SocketAddr,
}

/// What it works with.
struct Source {
    metrics: Kept,
    pace: Mutex<Pace>,
    /// As it was told to be called, if only this machine reaches it.
    only_as: Option<String>,
}

impl Exporter {
    /// Starts it.
    pub(crate) fn serve(handle: RunHandle, wanted: &MetricsAddr) -> Result<Self, UsageError> {
        let (listener, address) = bind(&wanted.host, wanted.port).map_err(|error| {
            UsageError::new(format!("can't serve metrics on {wanted}: {error}"))
                .help("choose another port by --metrics-addr (0: a free one)")
        })?;
        let only_as = (!is_exposed(address)).then(|| wanted.host.clone());
        let source =
            Arc::new(Source { metrics: Kept::new(handle), pace: Mutex::default(), only_as });
        let router = Router::new()
            .route("/metrics", get(metrics))
            .layer(from_fn_with_state(Arc::clone(&source), guard))
            .with_state(source);
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(UsageError::cant_start)?;
        let serve = move || {
            runtime.block_on(async {
                if let Ok(listener) = TcpListener::from_std(listener) {
                    connections::serve(listener, None, router).await;
                }
            });
        };
        let thread = thread::Builder::new().name("swarm-metrics".to_owned()).spawn(serve);
        thread.map_err(UsageError::cant_start)?;
        Ok(Self { address })
    }

    /// Where it is, for people.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/metrics", authority(self.address))
    }

    /// What one should know about it.
    pub(crate) fn warning(&self) -> Option<&'static str> {
        is_exposed(self.address).then_some(
            "everybody who reaches this address can read the names of requests, tasks and hosts in the metrics",
        )
    }
}

async fn metrics(State(source): State<Arc<Source>>, headers: HeaderMap) -> Response {
    exposition(&source.metrics, &headers).await
}

/// Lets through who does not ask too often, and no page of another site by way of a browser.
async fn guard(
    State(source): State<Arc<Source>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let mut answer = match check(&source, from, request.headers()) {
        Err(refused) => refused.into_response(),
        Ok(()) => next.run(request).await,
    };
    mark(&mut answer);
    answer
}

fn check(source: &Source, from: SocketAddr, headers: &HeaderMap) -> Result<(), Refused> {
    let mut pace = source.pace.lock().unwrap_or_else(PoisonError::into_inner);
    pace.take(from.ip(), Instant::now()).map_err(|wait| Refused::too_often("requests", wait))?;
    source.only_as.as_ref().map_or(Ok(()), |own| check_host(headers, own))
}
