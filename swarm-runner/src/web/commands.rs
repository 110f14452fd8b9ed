//! What changes something: check, start, load, stop, reset, marks.

use super::answers;
use super::checked::{self, Checked};
use super::entered::Entered;
use super::refusal::Refused;
use super::site::{Refusal, Site, StartRequest};
use crate::error::UsageError;
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use swarm_core::engine::{self, Command, Start};
use swarm_core::plan::{Load, RunSpec};
use tokio::sync::oneshot;

type Body<T> = Result<Json<T>, JsonRejection>;

/// A run to be started.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Start"))]
#[serde(deny_unknown_fields)]
pub(super) struct StartBody {
    /// The run. Files of this machine, the addresses to connect from and the hosts that requests may go to are as the program was started.
    spec: RunSpec,
    /// Settings by their keys, for this run. What is absent is as the program was started.
    #[serde(default)]
    settings: BTreeMap<String, String>,
}

/// A run that has begun.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct Begun {
    /// Which run of this program, from 1.
    run: u32,
}

/// How a run is to be stopped.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Stop"))]
#[serde(deny_unknown_fields)]
pub(super) struct StopBody {
    /// Whether running tasks are cut off; else they may finish within the stop timeout.
    #[serde(default)]
    now: bool,
}

/// A mark that is to be set.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "NewMark"))]
#[serde(deny_unknown_fields)]
pub(super) struct MarkBody {
    /// What happens now: at most 200 characters.
    text: String,
}

/// Nothing to say.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Reset"))]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// `POST /api/v1/check`
pub(super) async fn check(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    body: Body<Entered>,
) -> Result<Response, Refused> {
    let Json(entered) = body?;
    let checked: Checked = checked::check(&site, &entered);
    Ok(answers::json(&headers, &checked))
}

/// `POST /api/v1/start`
pub(super) async fn start(
    State(site): State<Arc<Site>>,
    body: Body<StartBody>,
) -> Result<(StatusCode, Json<Begun>), Refused> {
    let Json(StartBody { spec, settings: typed }) = body?;
    let spec = checked::with_own(&site, spec);
    let settings = checked::settings(&site, &typed).map_err(|errors| {
        let messages: Vec<String> = errors.into_iter().map(|error| error.message).collect();
        UsageError::new(messages.join("\n"))
    })?;
    checked::refuse(&site, &spec, &settings)?;
    let (answer, answered) = oneshot::channel();
    let start = Start { settings, ..Start::from(spec.clone()) };
    let ends = || Refused::conflict("the program is about to end");
    site.starts.send(StartRequest { start, answer }).await.map_err(|_| ends())?;
    match answered.await {
        Ok(Ok(run)) => {
            site.started(spec, typed);
            Ok((StatusCode::ACCEPTED, Json(Begun { run })))
        }
        Ok(Err(Refusal::Busy)) => {
            Err(Refused::conflict("a run goes on: stop it before you start another"))
        }
        Ok(Err(Refusal::Invalid(error))) => Err(error.into()),
        Err(_) => Err(ends()),
    }
}

/// `POST /api/v1/load`
pub(super) async fn load(
    State(site): State<Arc<Site>>,
    body: Body<Load>,
) -> Result<StatusCode, Refused> {
    let Json(load) = body?;
    tell(&site, Command::Load(load)).await
}

/// `POST /api/v1/stop`
pub(super) async fn stop(
    State(site): State<Arc<Site>>,
    body: Body<StopBody>,
) -> Result<StatusCode, Refused> {
    let Json(StopBody { now }) = body?;
    tell(&site, Command::Stop(if now { engine::Stop::Now } else { engine::Stop::Graceful })).await
}

/// `POST /api/v1/reset`
pub(super) async fn reset(
    State(site): State<Arc<Site>>,
    body: Body<Nothing>,
) -> Result<StatusCode, Refused> {
    let Json(Nothing {}) = body?;
    tell(&site, Command::Reset).await
}

/// `POST /api/v1/marks`
pub(super) async fn mark(
    State(site): State<Arc<Site>>,
    body: Body<MarkBody>,
) -> Result<StatusCode, Refused> {
    let Json(MarkBody { text }) = body?;
    tell(&site, Command::Mark(text)).await
}

async fn tell(site: &Site, command: Command) -> Result<StatusCode, Refused> {
    site.handle.ask(command).await.map_err(Refused::conflict)?;
    Ok(StatusCode::NO_CONTENT)
}
