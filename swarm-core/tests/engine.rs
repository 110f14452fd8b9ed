//! A run as the rest of the program sees it: commands in, events and snapshots out.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod common;

use common::next;
use std::sync::Arc;
use std::time::Duration;
use swarm_core::context::Resources;
use swarm_core::engine::{Command, Event, RunHandle, RunState, Snapshot, Stop};
use swarm_core::judge::Ending;
use swarm_core::plan::{ClassSpec, Load, RunSpec};
use swarm_core::prelude::*;
use swarm_core::report::{MarkKind, Report};
use swarm_core::stats::Kind;
use swarm_core::threshold::parse_list;
use swarm_core::user::Registry;
use tokio::sync::broadcast::Receiver;

#[user(wait = constant(20ms))]
struct Walker;

#[tasks]
impl Walker {
    #[task]
    fn walk(&mut self) {}
}

/// Ends after two runs.
#[user(wait = constant(20ms))]
struct Stroller {
    runs: u32,
}

#[tasks]
impl Stroller {
    #[task]
    fn stroll(&mut self) -> TaskResult {
        self.runs += 1;
        if self.runs == 2 { Err(StopUser.into()) } else { Ok(()) }
    }
}

/// The third of them has seen enough for all.
#[user(wait = constant(20ms))]
struct Critic {
    context: Context,
}

#[tasks]
impl Critic {
    #[task]
    fn judge(&mut self) -> TaskResult {
        if self.context.number() == 2 {
            return Err(StopTest::new("it is bad").into());
        }
        Ok(())
    }
}

/// Fails at first.
#[user(wait = constant(20ms))]
struct Novice {
    runs: u32,
}

#[tasks]
impl Novice {
    #[task]
    fn try_it(&mut self) -> TaskResult {
        self.runs += 1;
        (self.runs > 1).or_fail("it is new")
    }
}

#[user]
struct Sleeper;

#[tasks]
impl Sleeper {
    #[task]
    async fn sleep(&mut self) {
        std::future::pending::<()>().await;
    }
}

#[user]
struct Homeless {
    client: HttpClient,
}

#[tasks]
impl Homeless {
    #[task]
    async fn look(&mut self) -> TaskResult {
        self.client.get("/").await?;
        Ok(())
    }
}

/// Never asks for the same twice.
#[user]
struct Wanderer {
    probe: Probe,
    places: u32,
}

#[tasks]
impl Wanderer {
    #[task]
    async fn go_on(&mut self) -> TaskResult {
        self.places += 1;
        let place = format!("place {}", self.places);
        self.probe.measure("GO", &place, async { Ok::<_, TaskError>(()) }).await?;
        Ok(())
    }
}

#[user(wait = constant(20ms))]
struct Caller {
    probe: Probe,
}

#[tasks]
impl Caller {
    #[task]
    async fn call(&mut self) -> TaskResult {
        self.probe.measure("CALL", "hello", async { Ok::<_, TaskError>(()) }).await?;
        Ok(())
    }
}

fn spec(class: &str, users: u32) -> RunSpec {
    let load = Load::users(users, 1_000.0);
    RunSpec { load, ..RunSpec::new(vec![ClassSpec::new(class, 1)]) }
}

async fn spawned(events: &mut Receiver<Event>) -> u32 {
    let users = |event| match event {
        Event::SpawningComplete { users } => Some(users),
        _ => None,
    };
    next(events, users).await
}

async fn ended(events: &mut Receiver<Event>) -> (Ending, Arc<Report>) {
    let end = |event| match event {
        Event::Ended { why, report } => Some((why, report)),
        _ => None,
    };
    next(events, end).await
}

async fn refused(events: &mut Receiver<Event>) -> String {
    let why = |event| match event {
        Event::Refused(why) => Some(why),
        _ => None,
    };
    next(events, why).await
}

fn marked(report: &Report) -> Vec<(MarkKind, &str)> {
    report.marks.iter().map(|mark| (mark.kind, mark.text.as_str())).collect()
}

fn launch() -> RunHandle {
    let registry = Registry::find().expect("no duplicates");
    RunHandle::launch(registry, Resources::default()).expect("threads")
}

#[tokio::test]
async fn the_load_can_be_changed_and_the_figures_forgotten_while_it_runs() {
    let handle = launch();
    let (mut events, mut snapshots) = (handle.events(), handle.snapshots());
    handle.send(Command::start(spec("Walker", 4)));
    assert_eq!(spawned(&mut events).await, 4);
    for users in [9, 2] {
        handle.send(Command::Load(Load::users(users, 1_000.0)));
        assert_eq!(spawned(&mut events).await, users);
    }
    let running = snapshots.wait_for(|now| now.state == RunState::Running && now.users == 2);
    let before = Arc::clone(&*running.await.expect("it runs"));
    let runs = |report: &Report| report.tasks.first().map_or(0, |task| task.runs);
    let runs_before = runs(before.report.as_ref().expect("figures"));
    assert!(runs_before > 50, "{runs_before}");
    let class = &before.report.as_ref().expect("figures").classes[0];
    assert_eq!((class.users, class.wanted, class.peak_users), (2, 2, 9));
    assert_eq!((class.figures.runs, class.figures.errors), (runs_before, 0));
    assert!(class.figures.runs_per_s > 1.0 && class.figures.duration_ms.p95.is_some());
    let marks = [
        (MarkKind::SpawningComplete, "all 4 users are running"),
        (MarkKind::Load, "9 users"),
        (MarkKind::SpawningComplete, "all 9 users are running"),
        (MarkKind::Load, "2 users"),
        (MarkKind::SpawningComplete, "all 2 users are running"),
    ];
    assert_eq!(marked(before.report.as_ref().expect("figures")), marks);
    handle.send(Command::Reset);
    handle.send(Command::Stop(Stop::Graceful));
    let (why, report) = ended(&mut events).await;
    assert_eq!(why, Ending::Asked);
    assert!(runs(&report) < runs_before, "what was before the reset is forgotten");
    let class = &report.classes[0];
    assert_eq!((class.users, class.wanted, class.peak_users), (0, 0, 9));
    let marks = [
        (MarkKind::Reset, "figures are counted from here on"),
        (MarkKind::Stopping, "it was asked to stop"),
    ];
    assert_eq!(marked(&report), marks, "those before the reset are forgotten with the history");
    let json = serde_json::to_string(&*report).expect("serializes");
    let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert!(value["classes"][0]["runs"].is_u64(), "its figures stand in its own row: {json}");
    assert_eq!(serde_json::from_str::<Report>(&json).expect("reads"), *report);
    assert!(report.run.duration_s < before.elapsed.as_secs_f64(), "measured from the reset on");
    assert_eq!(handle.snapshots().borrow().state, RunState::Stopped);
}

#[tokio::test]
async fn a_handle_outlives_its_runs() {
    let handle = launch();
    let mut events = handle.events();
    for users in [1, 3] {
        handle.send(Command::start(spec("Walker", users)));
        assert_eq!(spawned(&mut events).await, users);
        handle.send(Command::start(spec("Walker", 1)));
        assert!(refused(&mut events).await.contains("a run goes on"));
        handle.send(Command::Stop(Stop::Graceful));
        let (_, report) = ended(&mut events).await;
        assert_eq!(report.run.spec, spec("Walker", users));
    }
    handle.send(Command::Reset);
    assert!(refused(&mut events).await.contains("there is no run"));
}

#[tokio::test]
async fn a_run_whose_users_have_all_ended_ends() {
    let handle = launch();
    let mut events = handle.events();
    handle.send(Command::start(spec("Stroller", 6)));
    assert_eq!(spawned(&mut events).await, 6, "who has ended had started");
    let (why, report) = ended(&mut events).await;
    assert_eq!(why, Ending::UsersEnded);
    assert_eq!((report.tasks[0].runs, report.tasks[0].errors), (12, 0));
    assert_eq!(report.classes[0].peak_users, 6);
    assert_eq!(report.exceptions, []);
}

#[tokio::test]
async fn a_limit_of_iterations_in_all_is_exact_and_ends_the_run() {
    let handle = launch();
    let mut events = handle.events();
    // The last users arrive when all is done.
    for (users, spawn_rate) in [(7, 1_000.0), (50, 20.0)] {
        let load = Load::users(users, spawn_rate);
        handle.send(Command::start(RunSpec {
            load,
            iterations: Some(25),
            ..spec("Walker", users)
        }));
        let (why, report) = ended(&mut events).await;
        assert_eq!((why, report.tasks[0].runs), (Ending::IterationsDone, 25));
    }
}

#[tokio::test]
async fn as_many_names_are_told_apart_as_are_wanted() {
    let handle = launch();
    let mut events = handle.events();
    for (max_names, rows) in [(3, 4), (20, 10)] {
        let iterations = Some(10);
        handle.send(Command::start(RunSpec { max_names, iterations, ..spec("Wanderer", 1) }));
        let (_, report) = ended(&mut events).await;
        let names: Vec<&str> = report.requests.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names.len(), rows, "{names:?}");
        assert_eq!((names.contains(&"(other)"), report.totals.requests), (rows == 4, 10));
    }
}

#[tokio::test]
async fn a_limit_of_iterations_of_each_user_ends_each_user() {
    let handle = launch();
    let mut events = handle.events();
    handle.send(Command::start(RunSpec { user_iterations: Some(3), ..spec("Walker", 5) }));
    let (why, report) = ended(&mut events).await;
    assert_eq!((why, report.tasks[0].runs), (Ending::UsersEnded, 15));
}

#[tokio::test]
async fn a_user_can_end_the_run() {
    let handle = launch();
    let mut events = handle.events();
    handle.send(Command::start(spec("Critic", 6)));
    let (why, report) = ended(&mut events).await;
    assert_eq!(why, Ending::StopTest { class: "Critic".into(), reason: "it is bad".into() });
    assert_eq!(why.to_string(), "Critic stopped it: it is bad");
    assert_eq!((report.tasks[0].errors, &*report.exceptions), (0, &[][..]));
}

#[tokio::test]
async fn thresholds_judge_what_comes_after_the_warm_up_and_live_too() {
    let list = r#"failures("Novice") <= 0%, failures <= 0%, rps("Novice") > 0 over 1s"#;
    let handle = launch();
    let (mut events, mut snapshots) = (handle.events(), handle.snapshots());
    for (warmup, expected) in [(0, [false, false, true]), (1, [true, false, true])] {
        let spec = RunSpec {
            thresholds: parse_list(list).expect("valid"),
            warmup: Duration::from_secs(warmup),
            run_time: Some(Duration::from_secs(4)),
            ..spec("Novice", 4)
        };
        handle.send(Command::start(spec));
        let judged = |now: &Arc<Snapshot>| {
            let first = now.report.as_ref().and_then(|report| report.thresholds.first());
            now.state == RunState::Running && first.is_some_and(|entry| entry.value.is_some())
        };
        drop(snapshots.wait_for(judged).await.expect("it runs"));
        let (_, report) = ended(&mut events).await;
        let found: Vec<bool> = report.thresholds.iter().map(|entry| entry.passed).collect();
        assert_eq!(found, expected, "{:?}", report.thresholds);
    }
}

#[tokio::test]
async fn stopping_now_cuts_off_what_a_graceful_stop_waits_for() {
    let handle = launch();
    let mut events = handle.events();
    let mut patient = spec("Sleeper", 3);
    patient.stop_timeout = Duration::from_secs(600);
    handle.send(Command::start(patient));
    assert_eq!(spawned(&mut events).await, 3);
    handle.send(Command::Stop(Stop::Graceful));
    let stopping = |event| matches!(event, Event::Stopping { .. }).then_some(());
    next(&mut events, stopping).await;
    handle.send(Command::Stop(Stop::Now));
    let (_, report) = ended(&mut events).await;
    assert_eq!(report.tasks.len(), 0, "what was cut off is no run");
}

#[tokio::test]
async fn what_can_not_be_run_is_refused() {
    let handle = launch();
    let mut events = handle.events();
    let no_class = RunSpec::new(vec![ClassSpec { weight: 0, ..ClassSpec::new("Walker", 1) }]);
    let mut wrong_host = spec("Homeless", 1);
    wrong_host.host = Some("example.com".to_owned());
    let mut no_rate = spec("Walker", 1);
    no_rate.load = Load::users(1, f64::NAN);
    let weighing = |task: &str, weight| {
        let mut class = ClassSpec::new("Walker", 1);
        class.task_weights.insert(task.to_owned(), weight);
        RunSpec::new(vec![class])
    };
    let mut nameless = spec("Walker", 1);
    nameless.max_names = 0;
    for (spec, why) in [
        (nameless, "0 is no limit of names: it is from 1 to 100000"),
        (weighing("wlk", 2), "tasks of Walker: no task `wlk`; there are: walk"),
        (weighing("walk", 0), "tasks of Walker: no task is left: all have the weight 0"),
        (spec("Runner", 1), "no user class `Runner`"),
        (spec("Homeless", 1), "Homeless has no host"),
        (wrong_host, "host of Homeless: `example.com` is no URL"),
        (no_class, "no class takes part"),
        (no_rate, "spawn rate NaN"),
    ] {
        handle.send(Command::start(spec));
        let refused = refused(&mut events).await;
        assert!(refused.contains(why), "{refused}");
    }
}

#[tokio::test]
async fn an_entry_tells_how_it_went_on_while_it_runs_and_afterwards() {
    let handle = launch();
    let (mut events, mut snapshots) = (handle.events(), handle.snapshots());
    let points = |from_s| handle.entry_history(Kind::Probe, "CALL", "hello", from_s);
    assert_eq!(points(0.0).await, None, "there was no run");
    handle.send(Command::start(spec("Caller", 4)));
    let called =
        |now: &Arc<Snapshot>| now.report.as_ref().is_some_and(|it| !it.requests.is_empty());
    let live = Arc::clone(&*snapshots.wait_for(called).await.expect("it runs"));
    let live = live.report.as_ref().expect("figures");
    assert_eq!(live.requests[0].history, None, "that would be much, each second");
    for recent in [live.totals.recent, live.requests[0].totals.recent] {
        assert!(recent.expect("live").rps > 0.0, "from the first second on: {recent:?}");
    }
    assert_eq!(live.history.last().map(|point| point.wanted), Some(4));
    let first = points(0.0).await.expect("known");
    assert!(first[0].rps > 0.0 && first[0].max >= first[0].p50, "{first:?}");
    assert_eq!(handle.entry_history(Kind::Http, "GET", "/", 0.0).await, None);

    handle.send(Command::Stop(Stop::Graceful));
    let (_, report) = ended(&mut events).await;
    let row = &report.requests[0];
    let whole = row.history.as_ref().expect("the result has it");
    assert_eq!(whole[..first.len()], first);
    let heat = whole.iter().flat_map(|point| point.heat.buckets());
    assert_eq!(heat.map(|(_, count)| count).sum::<u64>(), row.totals.requests);
    assert_eq!((row.totals.recent, report.totals.recent), (None, None));
    assert_eq!(points(0.0).await.as_ref(), Some(whole), "from the result");
    assert_eq!(points(whole[0].t_s).await.as_deref(), Some(&whole[1..]), "what is new");
    assert_eq!(handle.entry_history(Kind::Http, "GET", "/", 0.0).await, None);

    for report in [live, &report] {
        let json = serde_json::to_string(report).expect("a value");
        assert_eq!(&serde_json::from_str::<Arc<Report>>(&json).expect("the same"), report);
    }
}

/// What the histograms count, and what the report of the same moment does.
fn counted(snapshot: &Snapshot) -> [(u64, u64); 2] {
    let report = snapshot.report.as_ref().expect("figures");
    let histograms = snapshot.histograms.as_ref().expect("asked for");
    let counts = |counts: &mut dyn Iterator<Item = u64>| counts.sum::<u64>();
    let requests = counts(&mut histograms.requests.iter().map(|(_, it)| it.count));
    let tasks = counts(&mut histograms.tasks.iter().map(|(_, it)| it.count));
    let rows = counts(&mut report.requests.iter().map(|row| row.totals.requests));
    [(requests, rows), (tasks, counts(&mut report.tasks.iter().map(|row| row.runs)))]
}

#[tokio::test]
async fn histograms_agree_with_the_report_of_their_moment_while_it_runs_and_afterwards() {
    let handle = launch();
    let (mut events, mut snapshots) = (handle.events(), handle.snapshots());
    let none = handle.with_histograms().await;
    assert!((none.run, &none.report, &none.histograms) == (0, &None, &None), "there was no run");
    handle.send(Command::start(spec("Caller", 4)));
    let called = |now: &Arc<Snapshot>| now.report.as_ref().is_some_and(|it| !it.tasks.is_empty());
    let live = Arc::clone(&*snapshots.wait_for(called).await.expect("it runs"));
    assert_eq!(live.histograms, None, "only where they are asked for");
    let vitals = live.vitals.expect("a second is over");
    assert!(vitals.at_s >= 1.0 && vitals.seconds >= 1, "{vitals:?}");
    let mut last = 0;
    for _ in 0..3 {
        let now = handle.with_histograms().await;
        let [(requests, rows), (tasks, runs)] = counted(&now);
        assert_eq!((requests, tasks), (rows, runs));
        assert!(requests >= last && now.elapsed >= live.elapsed);
        last = requests;
        snapshots.changed().await.expect("it runs");
    }
    handle.send(Command::Reset);
    handle.send(Command::Stop(Stop::Graceful));
    let (_, report) = ended(&mut events).await;
    for _ in 0..2 {
        let end = handle.with_histograms().await;
        assert_eq!((end.state, end.report.as_ref()), (RunState::Stopped, Some(&report)));
        let [(requests, rows), (tasks, runs)] = counted(&end);
        assert_eq!((requests, tasks), (rows, runs));
    }
}
