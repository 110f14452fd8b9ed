//! The history: its runs as a list, one of them opened, called otherwise, taken out, downloaded, or compared with others.
//!
//! Files are read off the server's thread, one request at a time: who looks on takes at most one core from the load.

use super::answers;
use super::files;
use super::refusal::Refused;
use super::site::Site;
use crate::error::UsageError;
use crate::exports::Saved;
use crate::history::{History, Id, Listed, Missing};
use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use swarm_core::compare::{Comparison, compare as compared};
use swarm_core::plan::{run_name, run_notes};
use swarm_core::settings::SettingValues;
use tokio::task::spawn_blocking;

/// Most runs that are listed.
const MOST_LISTED: usize = 1_000;
/// Most runs of a comparison.
const MOST_COMPARED: usize = 40;

/// The history.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct Runs {
    /// The folder in which runs are kept; null if they are not.
    folder: Option<String>,
    /// Most runs that are kept; 0 if this program keeps none.
    keep: usize,
    /// The run that this program kept last.
    latest: Option<String>,
    /// How many older ones this list has no room for.
    left_out: usize,
    /// The newest first.
    runs: Vec<Listed>,
}

/// What a run is called.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Label {
    /// Its name; null or empty for none.
    #[serde(default)]
    name: Option<String>,
    /// What is worth knowing about it; null or empty for nothing.
    #[serde(default)]
    notes: Option<String>,
}

/// `GET /api/v1/runs`
pub(super) async fn list(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let runs = read(&site, |history| {
        let mut runs = history.list();
        let left_out = runs.len().saturating_sub(MOST_LISTED);
        runs.truncate(MOST_LISTED);
        Ok(Runs {
            folder: history.folder().map(|folder| folder.display().to_string()),
            keep: history.most(),
            latest: history.latest().map(|id| id.to_string()),
            left_out,
            runs,
        })
    });
    Ok(answers::json(&headers, &runs.await?))
}

/// `GET /api/v1/runs/{id}`
pub(super) async fn open(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let id = known(&id)?;
    let saved = read(&site, move |history| {
        let report = history.report(&id).map_err(|missing| refused(&id, missing))?;
        Ok(Saved::of(&report))
    });
    Ok(answers::json(&headers, &saved.await?))
}

/// `POST /api/v1/runs/{id}`
pub(super) async fn label(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    body: Result<Json<Label>, JsonRejection>,
) -> Result<Json<Listed>, Refused> {
    let id = known(&id)?;
    let Json(Label { name, notes }) = body?;
    let values = site.resources.get::<SettingValues>();
    let secrets = values.map(|values| values.secrets()).unwrap_or_default();
    let checked = |text: Option<String>, check: fn(&str) -> Result<String, String>| {
        let text = text.filter(|text| !text.trim().is_empty());
        let text = text.map(|text| check(&text)).transpose().map_err(UsageError::new)?;
        Ok::<_, UsageError>(text.map(|text| secrets.redact(&text).into_owned()))
    };
    let (name, notes) = (checked(name, run_name)?, checked(notes, run_notes)?);
    let listed = read(&site, move |history| {
        let done = history.label(&id, name, notes).and_then(|()| history.listed(&id));
        done.map_err(|missing| refused(&id, missing))
    });
    Ok(Json(listed.await?))
}

/// `DELETE /api/v1/runs/{id}`
pub(super) async fn delete(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
) -> Result<StatusCode, Refused> {
    let id = known(&id)?;
    let deleted =
        read(&site, move |history| history.delete(&id).map_err(|missing| refused(&id, missing)));
    deleted.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/v1/runs/{id}/files/{name}`
pub(super) async fn file(
    State(site): State<Arc<Site>>,
    Path((id, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let id = known(&id)?;
    let made = read(&site, move |history| {
        let report = history.report(&id).map_err(|missing| refused(&id, missing))?;
        let Some((kind, text)) = files::of_report(&name, &report) else {
            return Err(Refused::missing(format!("there is no file `{name}`")));
        };
        Ok((kind, text, files::with_time(&name, Some(report.run.started_at))))
    });
    let (kind, text, name) = made.await?;
    Ok(files::download(&headers, kind, text, &name))
}

/// `GET /api/v1/compare`
pub(super) async fn compare(
    State(site): State<Arc<Site>>,
    asked: Result<Query<Vec<(String, String)>>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let Query(asked) = asked?;
    let (mut before, mut after) = (Vec::new(), Vec::new());
    let (mut margin, mut any_host) = (5.0, false);
    let bad = |why: String| Refused::new(StatusCode::BAD_REQUEST, why);
    for (name, value) in asked {
        let wrong = || bad(format!("`{name}` can't be `{value}`"));
        match name.as_str() {
            "before" => before.push(known(&value)?),
            "after" => after.push(known(&value)?),
            "margin" => {
                let percent = value.parse().ok().filter(|it| (0.0..=100.0).contains(it));
                margin = percent.ok_or_else(wrong)?;
            }
            "any_host" => any_host = value.parse().map_err(|_| wrong())?,
            _ => return Err(bad(format!("there is no parameter `{name}`"))),
        }
    }
    if before.len() + after.len() > MOST_COMPARED {
        return Err(bad(format!("{MOST_COMPARED} runs can be compared at once")));
    }
    let comparison = read(&site, move |history| -> Result<Comparison, Refused> {
        let report = |id: &Id| history.report(id).map_err(|missing| refused(id, missing));
        let side = |ids: &[Id]| ids.iter().map(report).collect::<Result<Vec<_>, _>>();
        Ok(compared(&side(&before)?, &side(&after)?, margin / 100.0, any_host))
    });
    Ok(answers::json(&headers, &comparison.await?))
}

/// Does something with files.
async fn read<T: Send + 'static>(
    site: &Site,
    work: impl FnOnce(&History) -> Result<T, Refused> + Send + 'static,
) -> Result<T, Refused> {
    let ends = || Refused::conflict("the program is about to end");
    let turn = Arc::clone(&site.reading).acquire_owned().await.map_err(|_| ends())?;
    let history = Arc::clone(&site.history);
    let working = spawn_blocking(move || {
        let _turn = turn;
        work(&history)
    });
    working.await.map_err(|_| ends())?
}

fn known(id: &str) -> Result<Id, Refused> {
    id.parse().map_err(Refused::missing)
}

fn refused(id: &Id, missing: Missing) -> Refused {
    match missing {
        Missing::NotThere => Refused::missing(format!("there is no run {id} any more")),
        Missing::Broken(why) => UsageError::new(format!("run {id} can't be used: {why}")).into(),
    }
}
