//! Running code of a user: how it ended, and what is recorded of that.

use super::panics::catch_async;
use crate::context::{At, Context};
use crate::error::{StopTest, StopUser, TaskError, TaskResult, in_full};
use crate::http::RequestError;
use crate::probe::ProbeError;
use std::fmt::Display;
use std::future::poll_fn;
use std::ops::ControlFlow;
use std::pin::pin;
use std::time::Duration;
use tokio::time::timeout_at;

/// Longest time for all that a user does at its end.
const LAST_WORDS_LIMIT: Duration = Duration::from_secs(5);

/// How code of a user ended. Errors and panics are recorded already.
pub(crate) enum Ran {
    Done(ControlFlow<()>),
    Failed(String),
    Panicked(String),
    /// It said that the user is to end.
    Enough,
    /// It was still running when the stop timeout was over.
    Cut,
}

/// Runs code of a user, this late if it was due.
pub(crate) async fn run(
    context: &Context,
    at: At<'_>,
    delay: Option<Duration>,
    code: impl Future<Output = TaskResult<ControlFlow<()>>>,
) -> Ran {
    context.begin_iteration(at, delay);
    tokio::select! {
        biased;
        result = attended(context, catch_async(code)) => note(context, at.name, result),
        () = context.signal().cut() => Ran::Cut,
    }
}

/// Runs what a user does at its end, as long as it has time for that.
pub(crate) async fn run_last(
    context: &Context,
    at: At<'_>,
    code: impl Future<Output = TaskResult>,
) {
    context.begin_iteration(at, None);
    let until = context.signal().last_words(LAST_WORDS_LIMIT);
    match timeout_at(until, attended(context, catch_async(code))).await {
        Ok(result) => {
            note(context, at.name, result.map(|done| done.map(ControlFlow::Continue)));
        }
        Err(_) => {
            let limit = crate::duration::text(LAST_WORDS_LIMIT);
            context.exception(&at.name.to_string(), &format!("cut off: a user has {limit} to end"));
        }
    }
}

/// Says while it runs that it does.
async fn attended<F: Future>(context: &Context, code: F) -> F::Output {
    let mut code = pin!(code);
    poll_fn(|cx| {
        let pulse = context.pulse();
        let poll = code.as_mut().poll(cx);
        pulse.end();
        poll
    })
    .await
}

/// Records what went wrong.
fn note(
    context: &Context,
    at: &dyn Display,
    result: Result<TaskResult<ControlFlow<()>>, String>,
) -> Ran {
    match result {
        Ok(Ok(flow)) => Ran::Done(flow),
        Ok(Err(error)) if error.find::<StopUser>().is_some() => Ran::Enough,
        Ok(Err(error)) => {
            if let Some(stop) = error.find::<StopTest>() {
                context.stop_test(stop.reason());
                return Ran::Enough;
            }
            let message = error.to_string();
            if !was_recorded(&error) {
                let full = || in_full(error.as_error());
                context.exception_of(context.class(), &at.to_string(), &message, full);
            }
            Ran::Failed(message)
        }
        Err(panic) => {
            context.exception(&at.to_string(), &panic);
            Ran::Panicked(panic)
        }
    }
}

/// Whether an error comes from a request, whose failure was counted when it was recorded.
pub(crate) fn was_recorded(error: &TaskError) -> bool {
    error.find::<RequestError>().is_some() || error.find::<ProbeError>().is_some()
}
