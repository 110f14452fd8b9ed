//! The last event of a program, and its say in the exit code.

use super::apart::{Failed, LIMIT, apart};
use crate::context::Resources;
use crate::engine::life::panics;
use crate::event::{Listeners, On, Quitting};
use crate::judge::exit_code;
use crate::report::Report;
use crate::settings::SettingValues;
use crate::stats::{Ledger, Recorder};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// Tells the listeners of `quitting` that the program is about to end. Returns the result with the exit code that they leave, and with their errors.
///
/// To be called once, when the run is over and nothing of its result is written yet; where `tokio::time` works.
pub async fn quit(report: Arc<Report>, resources: &Resources) -> Arc<Report> {
    let listeners = Listeners::find();
    if listeners.quitting.is_empty() {
        return report;
    }
    panics::install();
    let values = resources.get::<SettingValues>();
    let secrets = values.map(|values| values.secrets()).unwrap_or_default();
    let mut recorder = Recorder::default().redacting(secrets);
    let mut quitting = Quitting { exit_code: report.outcome.exit_code, report };
    let mut decided_by = None;
    for On { label, call } in &listeners.quitting {
        let (call, mut told) = (*call, quitting.clone());
        let job = move || -> Pin<Box<dyn Future<Output = _>>> {
            Box::pin(async move {
                let result = call(&mut told).await.map_err(Failed::from);
                (told.exit_code, result)
            })
        };
        match apart(Box::new(job), LIMIT).await {
            Ok((exit_code, result)) => {
                if exit_code != quitting.exit_code {
                    quitting.exit_code = exit_code;
                    decided_by = Some(label);
                }
                if let Err(failed) = result {
                    failed.record(&mut recorder, label);
                }
            }
            Err(message) => Failed::from(message).record(&mut recorder, label),
        }
    }
    let mut ledger = Ledger::default();
    ledger.add(&recorder.drain());
    let mut report = Arc::unwrap_or_clone(quitting.report);
    let failed = ledger.summary(Duration::ZERO, false).exceptions;
    let outcome = &mut report.outcome;
    if !failed.is_empty() {
        let reason = "a listener of quitting failed".to_owned();
        if outcome.exit_code == exit_code::PASSED {
            outcome.exit_code = report.run.spec.exit_code_on_error;
            outcome.reasons.insert(0, reason);
        } else {
            outcome.reasons.push(reason);
        }
        report.exceptions.extend(failed);
    }
    if let Some(listener) = decided_by {
        outcome.exit_code = quitting.exit_code;
        outcome.reasons.insert(0, format!("the exit code was set by {listener}"));
    }
    Arc::new(report)
}
