//! The life of one simulated user: the same loop for every class, compiled for each.

use super::panics::{catch, catch_async};
use crate::backoff::Backoff;
use crate::context::{Context, Life};
use crate::error::{StopUser, TaskError, TaskResult};
use crate::http::RequestError;
use crate::probe::ProbeError;
use crate::random::Random;
use crate::stats::TaskRun;
use crate::user::{Task, User};
use crate::wait::Next;
use std::time::Duration;
use tokio::task::coop::consume_budget;
use tokio::time::{Instant, sleep, sleep_until, timeout};

/// Longest time for `on_stop`.
const ON_STOP_LIMIT: Duration = Duration::from_secs(5);
/// Pauses before a user that could not start tries again.
const RETRY: Backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(30));

/// Lives until told to stop, or until its code says [`StopUser`]. A user that fails to start tries again; one that panics is built anew.
pub(crate) async fn user_loop<U: User>(context: Context) {
    let signal = context.signal();
    let mut retry = RETRY;
    while signal.life() != Life::Stopping {
        if context.are_iterations_used_up() {
            signal.set_life(Life::Stopping);
        } else if let Some(user) = start::<U>(&context).await {
            retry.worked();
            signal.set_life(Life::Running);
            let now = context.now();
            context.schedule(|schedule| schedule.begin(now));
            work(&context, user).await;
        } else if signal.life() != Life::Stopping {
            tokio::select! {
                () = sleep(retry.failed()) => {}
                _ = signal.stopping() => {}
            }
        }
    }
}

/// Builds a user and runs its `on_start`. What fails is recorded.
async fn start<U: User>(context: &Context) -> Option<U> {
    let failed = |at: &str, message: &str, recorded: bool| {
        context.start_failed(message);
        if !recorded {
            context.exception(at, message);
        }
        None
    };
    let mut user = match catch(|| U::build(context)) {
        Ok(Ok(user)) => user,
        Ok(Err(error)) if error.stops_user() => {
            context.signal().set_life(Life::Stopping);
            return None;
        }
        Ok(Err(error)) => return failed("setup", &error.to_string(), false),
        Err(panic) => return failed("setup", &panic, false),
    };
    context.begin_iteration(None);
    match guarded(context, user.on_start()).await {
        Ran::Done(Ok(())) => Some(user),
        Ran::Done(Err(error)) if stops(&error) => {
            stop(context, user).await;
            None
        }
        Ran::Done(Err(error)) => failed("on_start", &error.to_string(), was_recorded(&error)),
        Ran::Panicked(panic) => failed("on_start", &panic, false),
        Ran::Cut => None,
    }
}

/// Whether an error is no mistake, but the wish to end.
fn stops(error: &TaskError) -> bool {
    error.find::<StopUser>().is_some()
}

/// Whether an error comes from a request, whose failure was counted when it was recorded.
pub(super) fn was_recorded(error: &TaskError) -> bool {
    error.find::<RequestError>().is_some() || error.find::<ProbeError>().is_some()
}

/// Picks a task, runs it, waits; until told to stop, or until a task panics or says so.
async fn work<U: User>(context: &Context, mut user: U) {
    while let Some(delay) = next_start(context).await {
        let task = context.random(|random| pick(context.weights(), random));
        let name = U::TASKS[task].name;
        let started = Instant::now();
        context.begin_iteration(delay);
        let now = context.now();
        context.schedule(|schedule| schedule.started(now));
        let ran = guarded(context, user.run(task)).await;
        let duration = started.elapsed().saturating_sub(context.waited());
        let failed = match &ran {
            Ran::Done(Ok(())) => false,
            Ran::Done(Err(error)) if stops(error) => false,
            Ran::Done(Err(error)) => {
                if !was_recorded(error) {
                    context.exception(name, &error.to_string());
                }
                true
            }
            Ran::Panicked(panic) => {
                context.exception(name, panic);
                true
            }
            // What was cut off is no run; its requests are counted as interrupted.
            Ran::Cut => break,
        };
        context.recorder(|recorder| {
            recorder.record_task(&TaskRun {
                class: context.class(),
                task: name,
                duration,
                from_schedule: delay.map(|delay| delay + duration),
                start_delay: delay,
                failed,
            });
        });
        match ran {
            Ran::Panicked(_) => {
                // Its state can't be trusted any more, nor its drop.
                let _ = catch(|| drop(user));
                context.signal().set_life(Life::Starting);
                return;
            }
            Ran::Done(Err(error)) if stops(&error) => break,
            Ran::Done(_) | Ran::Cut => {}
        }
        // A task that never waits for anything must not keep its thread.
        consume_budget().await;
    }
    record_missed(context, U::TASKS);
    stop(context, user).await;
}

/// Waits for the next start. Returns how late it is if it was due at a time, and none when told to stop or when all iterations are used up.
async fn next_start(context: &Context) -> Option<Option<Duration>> {
    if context.signal().is_stopping() || !context.take_iteration() {
        return None;
    }
    let next = context.random(|random| context.schedule(|schedule| schedule.next(random)));
    let until = match next {
        Next::After(Duration::ZERO) => return Some(None),
        Next::After(pause) => Instant::now() + pause,
        Next::Due(at) => context.origin() + at,
    };
    if Instant::now() < until {
        tokio::select! {
            () = sleep_until(until) => {}
            _ = context.signal().stopping() => {
                context.give_iteration_back();
                return None;
            }
        }
    }
    match next {
        Next::After(_) => Some(None),
        Next::Due(at) => Some(Some(context.now().saturating_sub(at))),
    }
}

/// A task by weight.
fn pick(weights: &[u32], random: &mut Random) -> usize {
    if weights.len() == 1 {
        return 0;
    }
    let total: u64 = weights.iter().map(|weight| u64::from(*weight)).sum();
    let mut left = random.number(0..=total.saturating_sub(1));
    for (index, weight) in weights.iter().enumerate() {
        match left.checked_sub(u64::from(*weight)) {
            Some(rest) => left = rest,
            None => return index,
        }
    }
    0
}

/// Counts what was due when the user was told to stop and had not started, as the tasks that would have been picked.
fn record_missed(context: &Context, tasks: &[Task]) {
    let Some(told_at) = context.signal().told_at() else { return };
    let until = told_at.saturating_duration_since(context.origin());
    let mut counts = vec![0_u64; tasks.len()];
    for _ in 0..context.schedule(|schedule| schedule.missed(until)) {
        counts[context.random(|random| pick(context.weights(), random))] += 1;
    }
    for (task, missed) in tasks.iter().zip(counts).filter(|(_, missed)| *missed > 0) {
        context.recorder(|recorder| recorder.missed(context.class(), task.name, missed));
    }
}

/// The user ends: runs `on_stop`, within its own time limit.
async fn stop<U: User>(context: &Context, mut user: U) {
    context.signal().set_life(Life::Stopping);
    context.begin_iteration(None);
    match timeout(ON_STOP_LIMIT, catch_async(user.on_stop())).await {
        Ok(Ok(Ok(()))) => {}
        Ok(Ok(Err(error))) if was_recorded(&error) || stops(&error) => {}
        Ok(Ok(Err(error))) => context.exception("on_stop", &error.to_string()),
        Ok(Err(panic)) => context.exception("on_stop", &panic),
        Err(_) => {
            let limit = crate::duration::text(ON_STOP_LIMIT);
            context.exception("on_stop", &format!("cut off after {limit}"));
        }
    }
    let _ = catch(|| drop(user));
}

/// How user code ended.
enum Ran {
    Done(TaskResult),
    Panicked(String),
    /// It was still running when the stop timeout was over.
    Cut,
}

async fn guarded(context: &Context, code: impl Future<Output = TaskResult>) -> Ran {
    tokio::select! {
        biased;
        result = catch_async(code) => match result {
            Ok(result) => Ran::Done(result),
            Err(panic) => Ran::Panicked(panic),
        },
        () = context.signal().cut() => Ran::Cut,
    }
}
