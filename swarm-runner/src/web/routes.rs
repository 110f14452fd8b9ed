//! The routes, in one place.

use super::site::Site;
use super::{commands, files, form, guard, login, metrics, page, runs, stream};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::response::Redirect;
use axum::routing::{MethodRouter, get, post};
use std::sync::Arc;

/// Longest body of a request, in bytes.
const LONGEST_BODY: usize = 256 << 10;

/// The API, with paths below its own.
pub(super) fn api() -> Vec<(&'static str, MethodRouter<Arc<Site>>)> {
    vec![
        ("/openapi.json", get(page::api)),
        ("/form", get(form::form)),
        ("/check", post(commands::check)),
        ("/start", post(commands::start)),
        ("/load", post(commands::load)),
        ("/stop", post(commands::stop)),
        ("/reset", post(commands::reset)),
        ("/marks", post(commands::mark)),
        ("/report", get(files::report)),
        ("/events", get(stream::events)),
        ("/files/{name}", get(files::file)),
        ("/runs", get(runs::list)),
        ("/runs/{id}", get(runs::open).post(runs::label).delete(runs::delete)),
        ("/runs/{id}/files/{name}", get(runs::file)),
        ("/compare", get(runs::compare)),
    ]
}

/// All that is served.
pub(super) fn router(site: Arc<Site>) -> Router {
    let base = site.options.web.web_base_path.clone();
    let mut open = Router::new()
        .route(&format!("{base}/"), get(page::page))
        .route(&format!("{base}/assets/{{name}}"), get(page::asset))
        .route(&format!("{base}/login"), get(page::page).post(login::login));
    if !base.is_empty() {
        // The page's own paths are relative to it.
        let page = format!("{base}/");
        open = open.route(&base, get(async move || Redirect::permanent(&page)));
    }
    let mut closed = Router::new()
        .route(&format!("{base}/logout"), post(login::logout))
        .route(&format!("{base}/metrics"), get(metrics::metrics));
    for (path, method) in api() {
        closed = closed.route(&format!("{base}/api/v1{path}"), method);
    }
    open.merge(closed.route_layer(from_fn_with_state(Arc::clone(&site), login::gate)))
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(from_fn_with_state(Arc::clone(&site), guard::guard))
        .with_state(site)
}
