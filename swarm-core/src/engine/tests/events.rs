//! How listeners are told, on paused time; and what becomes of those that fail, panic, wait for ever or block.

use super::simulation::{Simulated, note, simulate_with};
use crate::clock::Timestamp;
use crate::engine::events::{Happening, RunEvents};
use crate::engine::handle::{Command, RunHandle, Stop};
use crate::event::listener::{Hears, Listening};
use crate::event::{CLASS, Listeners, On};
use crate::plan::ClassSpec;
use crate::prelude::*;
use crate::secrets::Secrets;
use crate::stats::{Delta, Example, Kind, Phases, Sample, SampleResult};
use std::sync::Arc;

/// Panics in its second run; sends a request in each, which the panic of the second cuts off.
#[user(wait = constant(1s))]
struct Watched {
    context: Context,
    runs: u32,
}

#[tasks]
impl Watched {
    #[on_start]
    fn arrive(&mut self) {
        note(&self.context, "on_start");
    }

    #[task]
    fn work(&mut self) {
        self.runs += 1;
        note(&self.context, "run");
        let _unfinished = Unfinished(&self.context);
        assert!(self.runs < 2, "the second run");
    }

    #[on_stop]
    fn leave(&mut self) {
        note(&self.context, "on_stop");
    }
}

/// Recorded when it is dropped, as a request is that was not read to its end.
struct Unfinished<'a>(&'a Context);

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        self.0.record(&sample(SampleResult::Interrupted), example);
    }
}

/// Sends a thousand requests at once, all of which fail.
#[user(wait = constant(60s))]
struct Failing {
    context: Context,
}

#[tasks]
impl Failing {
    #[task]
    fn work(&mut self) {
        for _ in 0..1_000 {
            let failed = sample(SampleResult::Failed("refused"));
            self.context.record(&failed, example);
        }
    }
}

fn sample(result: SampleResult<'_>) -> Sample<'_> {
    Sample {
        kind: Kind::Http,
        method: "GET",
        name: "/",
        response_time: Duration::from_millis(5),
        from_schedule: None,
        phases: Phases::default(),
        bytes: 13,
        status: None,
        result,
    }
}

fn example() -> Example {
    Example {
        at: Timestamp::now(),
        class: "Failing".to_owned(),
        user: 0,
        kind: Kind::Http,
        method: "GET".to_owned(),
        name: "/".to_owned(),
        url: "/".to_owned(),
        response_time_ms: 5.0,
        status: None,
        error: None,
        body: None,
    }
}

// Told in the order of their names, which is not that of the file.
#[event(user_start)]
fn d_is_told_all_the_same(context: &Context) {
    note(context, "user_start");
}

#[event(user_start)]
fn a_fails(context: &Context) -> TaskResult {
    note(context, "fails");
    Err(TaskError::new("no greeting"))
}

#[event(user_start)]
async fn b_panics(context: &Context) {
    note(context, "panics");
    tokio::task::yield_now().await;
    panic!("no greeting at all");
}

#[event(user_start)]
async fn c_lets_the_second_user_wait(context: &Context) {
    if context.number() == 1 {
        std::future::pending::<()>().await;
    }
}

#[event(user_start)]
async fn e_measures_what_fails(context: &Context) -> TaskResult {
    if context.class() == "Watched" {
        let refused = async { Err::<(), _>(TaskError::new("refused")) };
        Probe::from_context(context)?.measure("PING", "friend", refused).await?;
    }
    Ok(())
}

#[event(user_stop)]
async fn takes_for_ever(context: &Context) {
    note(context, "user_stop");
    std::future::pending::<()>().await;
}

#[event(request)]
fn b_is_told_all_the_same(event: &RequestEvent<'_>) {
    let what = match (event.result, event.error()) {
        (SampleResult::Interrupted, None) => "cut off",
        (SampleResult::Failed(_), Some("refused")) => "refused",
        _ => "something else",
    };
    note(event.context, what);
}

#[event(request)]
fn a_panics(event: &RequestEvent<'_>) {
    panic!("{} {} of {} bytes", event.method, event.name, event.bytes);
}

/// Two users for so many seconds, with all who listen in this file.
fn watched(class: &str, users: u32, seconds: f64) -> Simulated {
    simulate_with(Listeners::find(), vec![ClassSpec::new(class, 1)], 7, async |shard| {
        shard.load(users, 1e6);
        shard.until(seconds).await;
        shard.stop(0.0);
    })
}

/// How often an exception was seen whose listener and message begin like this.
fn seen(simulated: &Simulated, listener: &str, message: &str) -> u64 {
    let of_listeners =
        simulated.delta.exceptions.iter().filter(|([class, ..], _)| &**class == CLASS);
    let these = of_listeners.filter(|([_, who, what], _)| {
        **who == *listener && (what.starts_with(message) || what.ends_with(message))
    });
    these.map(|(_, seen)| seen.count).sum()
}

const HERE: &str = module_path!();

#[test]
fn a_user_is_surrounded_by_its_listeners_once_whatever_happens_to_it() {
    let simulated = watched("Watched", 1, 1.5);
    let greeting = ["fails", "panics", "user_start", "refused"];
    let life = ["on_start", "run", "cut off", "run", "cut off"];
    let anew = ["on_start", "on_stop", "user_stop"];
    let whole = [&greeting[..], &life, &anew].concat();
    assert_eq!(simulated.deeds_of(0), whole);
    let stopped = simulated.times("user_stop");
    assert!((1.5..1.51).contains(&stopped[0]), "{stopped:?}");
    let last = simulated.reports.last().map(|last| last.second);
    assert_eq!(last, Some(4), "what takes for ever has three seconds more");
}

#[test]
fn listeners_that_fail_are_reported_and_stop_nobody() {
    let simulated = watched("Watched", 1, 1.5);
    let of = |name: &str, message| seen(&simulated, name, message);
    assert_eq!(of(&format!("user_start: {HERE}::a_fails"), "no greeting"), 1);
    assert_eq!(of(&format!("user_start: {HERE}::b_panics"), ": no greeting at all"), 1);
    assert_eq!(of(&format!("user_stop: {HERE}::takes_for_ever"), "cut off after 3s"), 1);
    assert_eq!(of(&format!("request: {HERE}::a_panics"), ": GET / of 13 bytes"), 2);
    // What it measured is a failed request, and no exception besides.
    assert_eq!(of(&format!("user_start: {HERE}::e_measures_what_fails"), ""), 0);
    let failed: Vec<&str> = simulated.delta.failures.keys().map(|[_, name, _]| &**name).collect();
    assert_eq!(failed, ["friend"]);
    let of_task = simulated.exceptions();
    let panic = of_task.iter().find(|(task, ..)| task == "work").expect("it panics");
    assert!(panic.1.ends_with(": the second run"), "its own message, not a listener's: {panic:?}");
}

#[test]
fn what_each_request_repeats_is_one_exception() {
    let simulated = watched("Failing", 1, 0.5);
    assert_eq!(simulated.times("refused").len(), 1_000);
    let rows = simulated.delta.exceptions.iter();
    assert_eq!(rows.filter(|([_, who, _], _)| who.starts_with("request: ")).count(), 1);
    assert_eq!(seen(&simulated, &format!("request: {HERE}::a_panics"), "panicked at "), 1_000);
}

#[test]
fn who_is_kept_waiting_by_a_listener_starts_in_the_end() {
    let simulated = watched("Watched", 2, 61.0);
    let starts =
        |user| simulated.deeds.iter().find(|(who, what, _)| (*who, *what) == (user, "on_start"));
    assert_eq!(starts(0).map(|(.., at)| at.as_secs()), Some(0));
    assert_eq!(starts(1).map(|(.., at)| at.as_secs()), Some(60));
    let label = format!("user_start: {HERE}::c_lets_the_second_user_wait");
    assert_eq!(seen(&simulated, &label, "cut off after 1m"), 1);
    // The stop of a run does not wait for it.
    let simulated = watched("Watched", 2, 5.0);
    assert_eq!(simulated.deeds_of(1).last(), Some(&"user_stop"));
    assert_eq!(seen(&simulated, &label, "cut off"), 0);
}

/// Listeners of `test_start`.
fn listeners(calls: &[(&str, Hears<RunSpec>)]) -> Arc<Listeners> {
    let on =
        |(label, call): &(&str, Hears<RunSpec>)| On { label: (*label).to_owned(), call: *call };
    Arc::new(Listeners { test_start: calls.iter().map(on).collect(), ..Listeners::default() })
}

fn blocks(_: &RunSpec) -> Listening<'_> {
    Box::pin(async {
        loop {
            std::thread::park();
        }
    })
}

fn waits(_: &RunSpec) -> Listening<'_> {
    Box::pin(std::future::pending())
}

fn fails(_: &RunSpec) -> Listening<'_> {
    Box::pin(async { Err(TaskError::new("the password is sesame")) })
}

/// Exceptions, as (listener, message).
fn failures(events: &mut RunEvents) -> Vec<(String, String)> {
    let Delta { exceptions, examples, .. } = events.drain();
    assert!(examples.exceptions.values().all(|example| example.user.is_none()));
    assert!(examples.exceptions.keys().eq(exceptions.keys()), "each is kept");
    let rows = exceptions.keys().map(|[_, who, what]| (who.to_string(), what.to_string()));
    rows.collect()
}

fn start() -> [Happening; 1] {
    [Happening::TestStart(Arc::new(RunSpec::new(Vec::new())))]
}

#[tokio::test]
async fn a_listener_that_waits_or_blocks_for_ever_holds_up_nobody_for_ever() {
    let all = listeners(&[("waits", waits), ("blocks", blocks), ("fails", fails)]);
    let secrets = Secrets::new(["sesame"]);
    let mut events = RunEvents::with_limit(all, secrets, Duration::from_millis(20));
    let (handle, mut ends) = RunHandle::new();
    let start = start();
    let told = events.tell_and_wait(&start, Duration::ZERO, &mut ends, drop);
    let (came, points) = tokio::join!(told, handle.entry_history(Kind::Http, "GET", "/", 0.0));
    assert!(came.is_empty());
    assert_eq!(points, None, "who asks something meanwhile does not wait");
    let expected = [
        ("waits", "cut off after 20ms"),
        ("blocks", "cut off after 20ms"),
        ("fails", "the password is ***"),
    ];
    assert_eq!(
        failures(&mut events),
        expected.map(|(who, what)| (who.to_owned(), what.to_owned()))
    );
}

#[tokio::test]
async fn who_stops_the_run_waits_for_no_listener() {
    let all = listeners(&[("waits", waits), ("fails", fails)]);
    let mut events = RunEvents::new(all, Secrets::default());
    let (handle, mut ends) = RunHandle::new();
    handle.send(Command::Reset);
    handle.send(Command::Stop(Stop::Graceful));
    let came = events.tell_and_wait(&start(), Duration::from_millis(1), &mut ends, drop).await;
    let came: Vec<Command> = came.into_iter().map(|order| order.command).collect();
    let to_obey = matches!(came[..], [Command::Reset, Command::Stop(Stop::Graceful)]);
    assert!(to_obey, "for the run to obey: {came:?}");
    let cut = ("waits".to_owned(), "cut off: the run was told to stop".to_owned());
    assert_eq!(failures(&mut events), [cut], "the second was not told any more");
}
