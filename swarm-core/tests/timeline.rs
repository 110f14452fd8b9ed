//! What comes from outside onto the timeline of a run: marks that somebody sets, and what somebody observes.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod common;

use common::next;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use swarm_core::context::Resources;
use swarm_core::engine::{Command, Event, Observation, RunHandle, Stop};
use swarm_core::plan::{ClassSpec, RunSpec};
use swarm_core::prelude::*;
use swarm_core::report::{MarkKind, Report};
use swarm_core::settings::SettingValues;
use swarm_core::stats::ObservedValues;
use swarm_core::user::Registry;

/// What an operator knows.
#[settings(prefix = "OPERATOR")]
struct Known {
    /// Not for others.
    #[setting(secret)]
    token: Secret,
}

/// Sets a mark at each run, the last one with what it must not tell.
#[user(wait = constant(20ms), iterations = 3)]
struct Operator {
    context: Context,
    known: Settings<Known>,
    runs: u32,
}

#[tasks]
impl Operator {
    #[task]
    fn deploy(&mut self) {
        self.runs += 1;
        let token = if self.runs == 3 { self.known.token.expose() } else { "" };
        self.context.mark(&format!("deployed v{} {token}", self.runs));
    }
}

#[user(wait = constant(20ms))]
struct Walker;

#[tasks]
impl Walker {
    #[task]
    fn walk(&mut self) {}
}

fn launch() -> RunHandle {
    let mut settings = SettingValues::default();
    settings.set("OPERATOR", "token", ["open sesame"], "the test");
    let registry = Registry::find().expect("no duplicates");
    RunHandle::launch(registry, Resources::default().with(settings)).expect("threads")
}

async fn ended(handle: &RunHandle, then: impl AsyncFnOnce()) -> Arc<Report> {
    let mut events = handle.events();
    then().await;
    let report = |event| match event {
        Event::Ended { report, .. } => Some(report),
        _ => None,
    };
    next(&mut events, report).await
}

fn notes(report: &Report) -> Vec<&str> {
    let notes = report.marks.iter().filter(|mark| mark.kind == MarkKind::Note);
    notes.map(|mark| mark.text.as_str()).collect()
}

#[tokio::test]
async fn marks_are_set_by_code_and_by_commands_without_secrets() {
    let handle = launch();
    let refused = handle.ask(Command::Mark("too early".to_owned())).await;
    assert!(refused.expect_err("no run").contains("no run goes on"));
    let report = ended(&handle, async || {
        handle.send(Command::start(RunSpec::new(vec![ClassSpec::new("Operator", 1)])));
    });
    let report = report.await;
    assert_eq!(notes(&report), ["deployed v1", "deployed v2", "deployed v3 ***"]);
    let times: Vec<f64> = report.marks.iter().map(|mark| mark.t_s).collect();
    assert!(times.is_sorted() && times[0] < times[2], "{times:?}");

    let report = ended(&handle, async || {
        let spec = RunSpec::new(vec![ClassSpec::new("Operator", 0), ClassSpec::new("Walker", 1)]);
        handle.ask(Command::start(spec)).await.expect("it begins");
        let mark = |text: &str| handle.ask(Command::Mark(text.to_owned()));
        mark("with open%20sesame").await.expect("it goes on");
        assert!(mark(" ").await.expect_err("empty").contains("needs a text"));
        handle.send(Command::Stop(Stop::Graceful));
    });
    assert_eq!(notes(&*report.await), ["with ***"]);
}

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs_f64()
}

fn observed(values: Vec<(f64, f64)>, more: bool) -> Command {
    let series = if values.is_empty() {
        Vec::new()
    } else {
        let labels = BTreeMap::from([("by".to_owned(), "open sesame".to_owned())]);
        let (name, query) = ("CPU".to_owned(), "cpu{a=\"open sesame\"}".to_owned());
        vec![ObservedValues { name, query, labels, values }]
    };
    Command::Observed(Observation { series, more })
}

#[tokio::test]
async fn a_run_waits_for_the_last_that_is_observed_and_has_all_of_it() {
    let handle = launch();
    let mut events = handle.events();
    let report = ended(&handle, async || {
        let spec = RunSpec::new(vec![ClassSpec::new("Walker", 1), ClassSpec::new("Operator", 1)]);
        handle.ask(Command::start(spec)).await.expect("it begins");
        handle.ask(observed(Vec::new(), true)).await.expect("it goes on");
        let first = now();
        handle.ask(observed(vec![(first, 1.0)], true)).await.expect("it goes on");
        let spawned = |event| matches!(event, Event::SpawningComplete { .. }).then_some(());
        next(&mut events, spawned).await;
        handle.send(Command::Stop(Stop::Graceful));
        next(&mut events, |event| matches!(event, Event::UsersGone).then_some(())).await;
        // The other one lies behind the time that is measured.
        let last = vec![(first + 0.001, 3.0), (first + 60.0, 99.0)];
        handle.ask(observed(last, false)).await.expect("it is waited for");
    });
    let report = report.await;
    let [series] = &report.observed[..] else { panic!("{:?}", report.observed) };
    assert_eq!(series.points.len(), 3, "{series:?}");
    assert_eq!((series.mean, series.max), (Some(2.0), Some(3.0)));
    assert!((0.0..report.run.duration_s).contains(&series.points[0].t_s), "{series:?}");
    assert_eq!((series.labels["by"].as_str(), series.query.as_str()), ("***", "cpu{a=\"***\"}"));

    // Who never says the last holds up nobody who wants to stop at once.
    let report = ended(&handle, async || {
        handle
            .ask(Command::start(RunSpec::new(vec![ClassSpec::new("Walker", 1)])))
            .await
            .expect("it begins");
        handle.ask(observed(Vec::new(), true)).await.expect("it goes on");
        handle.send(Command::Stop(Stop::Now));
        next(&mut events, |event| matches!(event, Event::UsersGone).then_some(())).await;
        handle.send(Command::Stop(Stop::Now));
    });
    let begun = std::time::Instant::now();
    assert_eq!(report.await.observed, []);
    assert!(begun.elapsed() < Duration::from_secs(9));
}
