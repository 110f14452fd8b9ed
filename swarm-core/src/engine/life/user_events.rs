//! Telling listeners what users do, on the thread of those users.

use super::panics::{catch, catch_async};
use super::user_code::was_recorded;
use crate::context::{Context, Observer};
use crate::error::{TaskResult, in_full};
use crate::event::listener::Hears;
use crate::event::{CLASS, Listeners, On, RequestEvent};
use crate::user::UserFuture;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// Longest time for the listeners of a user's start.
const START_LIMIT: Duration = Duration::from_secs(60);
/// Longest time for those of its end: with that of `on_stop` less than what a silent shard is given.
const STOP_LIMIT: Duration = Duration::from_secs(3);

/// What looks at the requests of a shard; none if nobody listens.
pub(crate) fn observer(listeners: &Arc<Listeners>) -> Option<Observer> {
    if listeners.request.is_empty() {
        return None;
    }
    let listeners = Arc::clone(listeners);
    Some(Rc::new(move |context, sample| {
        let event = RequestEvent { context, sample };
        for On { label, call } in &listeners.request {
            note(context, label, catch(|| call(&event)));
        }
    }))
}

/// The life of a user, with what listens to its start and its end around it.
pub(crate) fn around(
    listeners: &Arc<Listeners>,
    context: &Context,
    life: UserFuture,
) -> UserFuture {
    if listeners.user_start.is_empty() && listeners.user_stop.is_empty() {
        return life;
    }
    let (listeners, context) = (Arc::clone(listeners), context.clone());
    Box::pin(async move {
        tokio::select! {
            biased;
            () = tell(&listeners.user_start, &context, START_LIMIT) => {}
            // What is cut off here is no error, as with a task.
            () = context.signal().cut() => {}
        }
        life.await;
        tell(&listeners.user_stop, &context, STOP_LIMIT).await;
    })
}

/// Tells listeners one after the other; all together have this long.
async fn tell(listeners: &[On<Hears<Context>>], context: &Context, limit: Duration) {
    let deadline = Instant::now() + limit;
    for On { label, call } in listeners {
        let listening = catch_async(async { call(context).await });
        let cut_off = || Err(format!("cut off after {}", crate::duration::text(limit)));
        note(context, label, timeout_at(deadline, listening).await.unwrap_or_else(|_| cut_off()));
    }
}

/// Reports the error or panic of a listener, unless it is that of a request, whose failure was recorded.
fn note(context: &Context, label: &str, ran: Result<TaskResult, String>) {
    match ran {
        Ok(Ok(())) => {}
        Ok(Err(error)) if was_recorded(&error) => {}
        Ok(Err(error)) => {
            let full = || in_full(error.as_error());
            context.exception_of(CLASS, label, &error.to_string(), full);
        }
        Err(message) => context.exception_of(CLASS, label, &message, || message.clone()),
    }
}
