//! The life of one simulated user: the same loop for every class and every task set.

use super::panics::catch;
use super::user_code::{Ran, run, run_last};
use crate::backoff::Backoff;
use crate::context::{At, Context, Life};
use crate::stats::TaskRun;
use crate::user::{Entered, Selected, Selection, Tasks, User};
use crate::wait::{Next, Schedule};
use std::collections::BTreeMap;
use std::mem;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;
use tokio::task::coop::consume_budget;
use tokio::time::{Instant, sleep, sleep_until};

/// Pauses before a user that could not start tries again.
const RETRY: Backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(30));

/// That a run of a task may start now.
#[derive(Clone, Copy)]
struct Start {
    /// When it was due, if it was due at a time.
    due: Option<Duration>,
}

impl Start {
    /// How late it is at this time.
    fn delay(self, now: Duration) -> Option<Duration> {
        self.due.map(|due| now.saturating_sub(due))
    }
}

/// How a user goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    /// With the next task.
    GoOn,
    /// With what is around the set that it is in.
    Leave,
    /// To its end.
    End,
    /// Anew: its state can't be trusted any more.
    Rebuild,
}

impl From<&Ran> for Then {
    fn from(ran: &Ran) -> Self {
        match ran {
            Ran::Done(ControlFlow::Continue(())) | Ran::Failed(_) => Self::GoOn,
            Ran::Done(ControlFlow::Break(())) => Self::Leave,
            Ran::Enough | Ran::Cut => Self::End,
            Ran::Panicked(_) => Self::Rebuild,
        }
    }
}

/// Lives until told to stop, or until its code says so. A user that fails to start tries again; one that panics is built anew.
pub(crate) async fn user_loop<U: User>(context: Context, selection: Rc<Selection>) {
    let signal = context.signal();
    let mut retry = RETRY;
    while signal.life() != Life::Stopping {
        if context.are_iterations_used_up() || selection.is_over() {
            signal.set_life(Life::Stopping);
        } else if let Some(user) = start::<U>(&context).await {
            retry.worked();
            signal.set_life(Life::Running);
            let now = context.now();
            context.schedule(|schedule| schedule.begin(now));
            live(&context, user, &selection).await;
        } else if signal.life() != Life::Stopping {
            tokio::select! {
                () = sleep(retry.failed()) => {}
                _ = signal.stopping() => {}
            }
        }
    }
    // Who was started for an iteration may never have come to it.
    record_missed(&context, &selection, context.missed_calls());
}

/// Builds a user and runs its `on_start`. What fails is recorded.
async fn start<U: User>(context: &Context) -> Option<U> {
    let not_built = |message: &str| {
        context.start_failed(message);
        context.exception("setup", message);
        None
    };
    let mut user = match catch(|| U::build(context)) {
        Ok(Ok(user)) => user,
        Ok(Err(error)) if error.stops_user() => {
            context.signal().set_life(Life::Stopping);
            return None;
        }
        Ok(Err(error)) => return not_built(&error.to_string()),
        Err(panic) => return not_built(&panic),
    };
    match run(context, At::hook(&"on_start"), None, user.on_start()).await {
        Ran::Done(ControlFlow::Continue(())) => return Some(user),
        Ran::Done(ControlFlow::Break(())) | Ran::Enough => end(context, user).await,
        Ran::Failed(message) | Ran::Panicked(message) => context.start_failed(&message),
        Ran::Cut => {}
    }
    None
}

/// Works until it ends.
async fn live<U: User>(context: &Context, mut user: U, selection: &Selection) {
    if work(context, &mut user, selection, None).await == Then::Rebuild {
        // Its drop can't be trusted either.
        let _ = catch(|| drop(user));
        context.set_resting(true);
        context.signal().set_life(Life::Starting);
    } else {
        record_missed(context, selection, context.missed());
        end(context, user).await;
    }
}

/// The user ends: runs `on_stop`.
async fn end<U: User>(context: &Context, mut user: U) {
    context.signal().set_life(Life::Stopping);
    context.set_resting(true);
    run_last(context, At::hook(&"on_stop"), user.on_stop()).await;
    let _ = catch(|| drop(user));
}

/// Picks a task, runs it, waits; until something ends that. The first task has no need to wait for a start that is given.
async fn work<T: Tasks>(
    context: &Context,
    doer: &mut T,
    selection: &Selection,
    mut given: Option<Start>,
) -> Then {
    let mut last = None;
    loop {
        if last.is_some_and(|last| selection.ends_with(last)) {
            return Then::Leave;
        }
        let start = match given.take() {
            Some(start) => start,
            None => match next_start(context).await {
                Some(start) => start,
                None => return Then::End,
            },
        };
        let Some(next) = context.random(|random| selection.follow(last, random)) else {
            return Then::Leave;
        };
        last = Some(next);
        let selected = &selection.tasks()[next.1];
        let then = match &selected.set {
            None => perform(context, doer, next.1, selected, start).await,
            Some(inner) => match catch(|| doer.enter(next.1)) {
                Ok(Some(set)) => visit(context, set, selected, inner, start).await,
                Ok(None) => Then::GoOn,
                Err(panic) => {
                    context.exception(&selected.name, &panic);
                    Then::Rebuild
                }
            },
        };
        if then != Then::GoOn {
            return then;
        }
        // A task that never waits for anything must not keep its thread.
        consume_budget().await;
    }
}

/// Runs a task, and records it.
async fn perform<T: Tasks>(
    context: &Context,
    doer: &mut T,
    task: usize,
    selected: &Selected,
    start: Start,
) -> Then {
    // One look at the clock is enough for all.
    let started = Instant::now();
    let now = started.saturating_duration_since(context.origin());
    let delay = start.delay(now);
    context.schedule(|schedule| schedule.started(now));
    let at = At { name: &selected.name, task: selected.number };
    let ran = run(context, at, delay, doer.run(task)).await;
    let duration = started.elapsed().saturating_sub(context.waited());
    // What was cut off is no run; its requests are counted as interrupted.
    if !matches!(ran, Ran::Cut) {
        context.record_task(&TaskRun {
            class: context.class(),
            task: &selected.name,
            duration,
            from_schedule: delay.map(|delay| delay + duration),
            start_delay: delay,
            failed: matches!(ran, Ran::Failed(_) | Ran::Panicked(_)),
        });
    }
    Then::from(&ran)
}

/// Enters a task set, works in it, and leaves it; boxed, because sets may be in sets.
fn visit<'a>(
    context: &'a Context,
    mut set: Entered<'a>,
    selected: &'a Selected,
    inner: &'a Selection,
    start: Start,
) -> Pin<Box<dyn Future<Output = Then> + 'a>> {
    Box::pin(async move {
        let name = &selected.name;
        let now = context.now();
        let around = inner.wait().map(|wait| {
            context.schedule(|schedule| {
                schedule.started(now);
                mem::replace(schedule, Schedule::new(wait, now))
            })
        });
        let at = format_args!("{name}::on_start");
        let ran = run(context, At::hook(&at), start.delay(now), set.on_start()).await;
        let mut then = match ran {
            Ran::Failed(_) => Then::Leave,
            ran => Then::from(&ran),
        };
        if then == Then::GoOn {
            then = work(context, &mut set, inner, Some(start)).await;
            leave(context, &mut set, name, then).await;
        } else {
            // What could not begin takes the place of a run, so that the user waits before the next one.
            context.schedule(|schedule| schedule.started(context.now()));
        }
        if let Some(around) = around {
            record_missed(context, inner, context.missed());
            context.schedule(|schedule| *schedule = around);
        }
        let _ = catch(|| drop(set));
        if then == Then::Leave { Then::GoOn } else { then }
    })
}

/// Runs the `on_stop` of a task set.
async fn leave(context: &Context, set: &mut Entered<'_>, name: &str, then: Then) {
    let at = format_args!("{name}::on_stop");
    match then {
        Then::Rebuild => {}
        Then::End => {
            run_last(context, At::hook(&at), set.on_stop()).await;
        }
        Then::GoOn | Then::Leave => {
            let last = async { set.on_stop().await.map(ControlFlow::Continue) };
            let _ = run(context, At::hook(&at), None, last).await;
        }
    }
}

/// Waits for the next start; none when told to stop, or when all iterations are used up.
async fn next_start(context: &Context) -> Option<Start> {
    context.set_resting(true);
    let start = due_start(context).await;
    context.set_resting(start.is_none());
    start
}

async fn due_start(context: &Context) -> Option<Start> {
    if context.signal().is_stopping() || !context.take_iteration() {
        return None;
    }
    match context.next_call().await {
        Some(None) => {}
        Some(due) => return Some(Start { due }),
        None => {
            context.give_iteration_back();
            return None;
        }
    }
    let next = context.random(|random| context.schedule(|schedule| schedule.next(random)));
    let (until, due) = match next {
        Next::After(Duration::ZERO) => return Some(Start { due: None }),
        Next::After(pause) => (Instant::now() + pause, None),
        Next::Due(at) => (context.origin() + at, Some(at)),
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
    Some(Start { due })
}

/// Counts runs that were due when the user was told to stop and had not started, as the tasks that would have been picked.
fn record_missed(context: &Context, selection: &Selection, runs: u64) {
    let mut counts = BTreeMap::new();
    let mut last = None;
    for _ in 0..runs {
        let next = context.random(|random| selection.next(last, random));
        last = Some(next);
        let mut selected = &selection.tasks()[next.1];
        while let Some(set) = &selected.set {
            selected = &set.tasks()[context.random(|random| set.next(None, random)).1];
        }
        *counts.entry(&*selected.name).or_insert(0) += 1;
    }
    for (name, missed) in counts {
        context.recorder(|recorder| recorder.missed(context.class(), name, missed));
    }
}
