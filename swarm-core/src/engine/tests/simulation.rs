//! For tests: a shard with its users, on paused time.

use crate::context::{Context, Iterations, Resources};
use crate::engine::crowds::Crowds;
use crate::engine::shard::run;
use crate::engine::shard::seat::{Figures, FromShard, Seat, ToShard};
use crate::event::Listeners;
use crate::plan::{ClassSpec, Load, RunSpec};
use crate::stats::{Delta, TaskCounts, TaskKey};
use crate::user::Registry;
use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::{Builder, LocalOptions};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

/// Something that a user did: who, what, when since the start of the run.
pub(super) type Deed = (u32, &'static str, Duration);

thread_local! {
    static DEEDS: RefCell<Vec<Deed>> = const { RefCell::new(Vec::new()) };
}

/// A user notes what it does.
pub(super) fn note(context: &Context, what: &'static str) {
    DEEDS.with_borrow_mut(|deeds| deeds.push((context.number(), what, context.now())));
}

/// What a script can tell the shard.
pub(super) struct Controls {
    commands: mpsc::UnboundedSender<ToShard>,
    crowds: RefCell<Crowds>,
    origin: Instant,
}

impl Controls {
    /// So many users, this many more or fewer each second.
    pub(super) fn load(&self, users: u32, spawn_rate: f64) {
        self.change(&Load::users(users, spawn_rate));
    }

    /// Another load, from where it is.
    pub(super) fn change(&self, load: &Load) {
        let changed = self.crowds.borrow_mut().change(load, self.origin.elapsed());
        changed.expect("of the same unit");
        self.deal();
    }

    fn deal(&self) {
        let mut crowds = self.crowds.borrow_mut();
        crowds.deal(self.origin.elapsed());
        self.tell(ToShard::Plans(crowds.orders(0, 1)));
    }

    /// Waits until this long after the start.
    pub(super) async fn until(&self, seconds: f64) {
        sleep_until(self.origin + Duration::from_secs_f64(seconds)).await;
    }

    /// Tells all users to stop; what still runs is cut off after this long.
    pub(super) fn stop(&self, seconds: f64) {
        self.tell(ToShard::Stop(Instant::now() + Duration::from_secs_f64(seconds)));
    }

    fn tell(&self, command: ToShard) {
        self.commands.send(command).expect("the shard runs until it was told to stop");
    }
}

/// What a simulation leaves.
pub(super) struct Simulated {
    pub(super) deeds: Vec<Deed>,
    /// All figures.
    pub(super) delta: Delta,
    pub(super) reports: Vec<Figures>,
    /// Which users wanted the run to end, and why.
    pub(super) stop_requests: Vec<(&'static str, String)>,
}

impl Simulated {
    /// When the users of all numbers did this, in seconds.
    pub(super) fn times(&self, what: &str) -> Vec<f64> {
        let these = self.deeds.iter().filter(|(_, did, _)| *did == what);
        these.map(|(_, _, at)| at.as_secs_f64()).collect()
    }

    /// What this user did, in order.
    pub(super) fn deeds_of(&self, user: u32) -> Vec<&'static str> {
        self.deeds.iter().filter(|(who, ..)| *who == user).map(|(_, what, _)| *what).collect()
    }

    /// The figures of a task.
    pub(super) fn task(&self, class: &str, task: &str) -> TaskCounts {
        let key = TaskKey { class: class.into(), task: task.into() };
        self.delta.tasks.get(&key).cloned().unwrap_or_default()
    }

    /// Exceptions, as (task, message, how often).
    pub(super) fn exceptions(&self) -> Vec<(String, String, u64)> {
        let rows = self.delta.exceptions.iter();
        rows.map(|([_, task, message], seen)| (task.to_string(), message.to_string(), seen.count))
            .collect()
    }
}

/// Runs a shard by a script, which must stop it; no real time passes, and nobody listens.
pub(super) fn simulate(
    classes: Vec<ClassSpec>,
    seed: u64,
    script: impl AsyncFnOnce(&Controls),
) -> Simulated {
    simulate_with(Listeners::default(), classes, seed, script)
}

/// The same, with listeners.
pub(super) fn simulate_with(
    listeners: Listeners,
    classes: Vec<ClassSpec>,
    seed: u64,
    script: impl AsyncFnOnce(&Controls),
) -> Simulated {
    let spec = RunSpec { seed, load: Load::users(0, 1.0), ..RunSpec::new(classes) };
    simulate_run(listeners, &spec, script)
}

/// Runs a shard as the spec says, until the script stops it.
pub(super) fn simulate_run(
    listeners: Listeners,
    spec: &RunSpec,
    script: impl AsyncFnOnce(&Controls),
) -> Simulated {
    DEEDS.take();
    let runtime = Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build_local(LocalOptions::default())
        .expect("a runtime");
    let (reports, stop_requests) = runtime.block_on(async {
        let origin = Instant::now();
        let (commands, from_script) = mpsc::unbounded_channel();
        let (to_us, mut reports) = mpsc::unbounded_channel();
        let resources = Resources::default().with(Iterations::of(spec));
        let registry = Registry::find().expect("no duplicates");
        let find = |class: &ClassSpec| registry.class(&class.name).expect("declared");
        let seat = Seat {
            number: 0,
            shards: 1,
            classes: spec.classes.iter().map(find).collect(),
            spec: Arc::new(spec.clone()),
            resources,
            listeners: Arc::new(listeners),
            log: None,
            tracing: None,
            pulse: Arc::default(),
            origin,
            commands: from_script,
            reports: to_us,
        };
        let shard = tokio::task::spawn_local(run(seat));
        let crowds = RefCell::new(Crowds::new(spec, 1));
        let controls = Controls { commands, crowds, origin };
        controls.deal();
        script(&controls).await;
        shard.await.expect("the shard ends well");
        let (mut all, mut stop_requests) = (Vec::new(), Vec::new());
        while let Some(report) = reports.recv().await {
            match report {
                FromShard::Figures(figures) => all.push(*figures),
                FromShard::Mark { .. } => {}
                FromShard::StopTest { class, reason } => stop_requests.push((class, reason)),
            }
        }
        (all, stop_requests)
    });
    let mut delta = Delta::default();
    reports.iter().for_each(|report| delta.merge(&report.delta));
    Simulated { deeds: DEEDS.take(), delta, reports, stop_requests }
}

/// Users of one class, by a script.
pub(super) fn simulate_class(class: &str, script: impl AsyncFnOnce(&Controls)) -> Simulated {
    simulate(vec![ClassSpec::new(class, 1)], 7, script)
}

/// This many users at once, for so many seconds; running tasks are cut off.
pub(super) fn crowd(class: &str, users: u32, seconds: f64) -> Simulated {
    simulate_class(class, async |shard| {
        shard.load(users, 1e6);
        shard.until(seconds).await;
        shard.stop(0.0);
    })
}

/// Times to a hundredth of a second: tokio's timer is as fine as a thousandth.
pub(super) fn rounded(times: &[f64]) -> Vec<f64> {
    times.iter().map(|time| (time * 100.0).round() / 100.0).collect()
}
