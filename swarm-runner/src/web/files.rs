//! What is left of a run, as files to download.

use super::answers;
use super::refusal::Refused;
use super::site::Site;
use crate::csv_tables::{self, Row};
use crate::exports;
use crate::output;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_DISPOSITION;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use std::fmt::Write as _;
use std::sync::Arc;
use swarm_core::clock::Timestamp;
use swarm_core::report::Report;

const CSV: &str = "text/csv; charset=utf-8";

/// `GET /api/v1/report`
pub(super) async fn report(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    Ok(answers::json(&headers, &*latest(&site)?))
}

/// `GET /api/v1/files/{name}`
pub(super) async fn file(
    State(site): State<Arc<Site>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let (kind, text) = match name.as_str() {
        "history.csv" => {
            latest(&site)?;
            csv(&site.course.table())
        }
        "log.txt" => ("text/plain; charset=utf-8", log(&site)),
        name => of_report(name, &*latest(&site)?)
            .ok_or_else(|| Refused::missing(format!("there is no file `{name}`")))?,
    };
    let started = site.snapshot().report.as_ref().map(|report| report.run.started_at);
    Ok(download(&headers, kind, text, &with_time(&name, started)))
}

/// A file that is made of a result alone, with its type.
pub(super) fn of_report(name: &str, report: &Report) -> Option<(&'static str, String)> {
    Some(match name {
        "requests.csv" => csv(&csv_tables::requests(report)),
        "failures.csv" => csv(&csv_tables::failures(report)),
        "exceptions.csv" => csv(&csv_tables::exceptions(report)),
        "report.json" => ("application/json", output::json(report)),
        "report.html" => ("text/html; charset=utf-8", exports::html(report)),
        _ => return None,
    })
}

fn csv(rows: &[Row]) -> (&'static str, String) {
    (CSV, csv_tables::text(rows).unwrap_or_default())
}

/// A file to be saved under this name.
pub(super) fn download(
    headers: &HeaderMap,
    kind: &'static str,
    text: String,
    name: &str,
) -> Response {
    let mut answer = answers::text(headers, kind, text);
    if let Ok(named) = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")) {
        answer.headers_mut().insert(CONTENT_DISPOSITION, named);
    }
    answer
}

fn latest(site: &Site) -> Result<Arc<Report>, Refused> {
    site.snapshot().report.clone().ok_or_else(|| Refused::missing("there are no figures yet"))
}

fn log(site: &Site) -> String {
    let (lines, _) = site.log.since(0);
    lines.iter().fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "{line}");
        text
    })
}

/// The name of a file, with the time when the run began: `requests_2026-11-25T18-40-46Z.csv`.
pub(super) fn with_time(name: &str, started: Option<Timestamp>) -> String {
    let time = started.unwrap_or_else(Timestamp::now).to_string();
    let time = time.split('.').next().unwrap_or_default().replace(':', "-");
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "txt"));
    format!("{stem}_{time}Z.{extension}")
}
