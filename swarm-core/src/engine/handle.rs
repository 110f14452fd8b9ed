//! What the rest of the program knows of a run: commands go in, events and snapshots come out.

use crate::judge::{Ending, Vitals};
use crate::plan::{Load, RunSpec};
use crate::report::Report;
use crate::settings::SettingValues;
use crate::stats::{EntryPoint, EntryTimelines, Histograms, Kind, ObservedValues, RequestEntry};
use crate::trace::Tracing;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{broadcast, mpsc, oneshot, watch};

/// What a run can be told.
#[derive(Debug)]
pub enum Command {
    /// Start a run; refused while one goes on.
    Start(Box<Start>),
    /// Change the number of users, from where it is.
    Load(Load),
    /// End the run.
    Stop(Stop),
    /// Forget all figures so far.
    Reset,
    /// Set a mark on the timeline: a text of at most 200 characters, of which secrets are taken out. A run keeps 200.
    Mark(String),
    /// What somebody measured of the target, for the same timeline.
    Observed(Observation),
}

impl Command {
    /// Start a run with the settings that the program has.
    #[must_use]
    pub fn start(spec: RunSpec) -> Self {
        Self::Start(Box::new(spec.into()))
    }
}

/// What somebody measured while a run goes on, outside of it: of the target, for example.
///
/// Who observes a run says so at its begin, by an observation that may be empty and has `more`. Then, when all users are gone
/// ([`Event::UsersGone`]), the run waits for the last one, which has not; ten seconds at most.
///
/// ```
/// use std::collections::BTreeMap;
/// use swarm_core::engine::{Command, Observation};
/// use swarm_core::stats::ObservedValues;
///
/// let values = ObservedValues {
///     name: "open connections".to_owned(),
///     query: "nginx_connections_active".to_owned(),
///     labels: BTreeMap::new(),
///     values: vec![(1_790_000_000.0, 17.0), (1_790_000_001.0, 19.0)],
/// };
/// let command = Command::Observed(Observation { series: vec![values], more: true });
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// What is new.
    pub series: Vec<ObservedValues>,
    /// Whether more will come.
    pub more: bool,
}

/// What a run is started with.
///
/// ```
/// use swarm_core::engine::{Command, Start};
/// use swarm_core::plan::{ClassSpec, RunSpec};
/// use swarm_core::settings::SettingValues;
///
/// let mut settings = SettingValues::default();
/// settings.set("SHOP", "username", ["eve"], "the web page");
/// let spec = RunSpec::new(vec![ClassSpec::new("Shopper", 1)]);
/// let command = Command::Start(Box::new(Start { settings, ..Start::from(spec) }));
/// ```
#[derive(Debug)]
pub struct Start {
    /// The run.
    pub spec: RunSpec,
    /// Setting values for this run alone, in place of those that the program has. They are no part of the spec, and nothing writes them: some are
    /// secret.
    pub settings: SettingValues,
    /// That its requests are traced, if they are.
    pub tracing: Option<Tracing>,
}

impl From<RunSpec> for Start {
    /// With the settings that the program has, and without traces.
    fn from(spec: RunSpec) -> Self {
        Self { spec, settings: SettingValues::default(), tracing: None }
    }
}

/// How a run is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Running tasks may finish, within the stop timeout.
    Graceful,
    /// Running tasks are cut off.
    Now,
}

/// What happens to a run.
#[derive(Debug, Clone)]
pub enum Event {
    /// It began.
    Started,
    /// All users have started, and logged in.
    SpawningComplete {
        /// How many.
        users: u32,
    },
    /// Users are told to stop.
    Stopping {
        /// Why.
        why: Ending,
    },
    /// All users are gone; listeners and observers may have something to add.
    UsersGone,
    /// It is over; this is the result.
    Ended {
        /// Why it ended.
        why: Ending,
        /// The result, with histograms.
        report: Arc<Report>,
    },
    /// A command could not be carried out.
    Refused(String),
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum RunState {
    /// Nothing was started yet.
    Ready,
    /// The number of users is on its way to what is wanted.
    Spawning,
    /// All users that are wanted are there.
    Running,
    /// Users are ending.
    Stopping,
    /// The run is over.
    Stopped,
}

/// A run as it is now; there is a new one when a run begins, every second, and when it is over.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Which run of this program, from 1; 0 before the first.
    pub run: u32,
    /// How far it is.
    pub state: RunState,
    /// Time since the start.
    pub elapsed: Duration,
    /// Users there are, those that are still logging in too.
    pub users: u32,
    /// Users that the load goes to or holds now; those that arriving iterations need are not planned.
    pub wanted: u32,
    /// Iterations that arrive per second now.
    pub rate: f64,
    /// Iterations that are running.
    pub in_flight: u32,
    /// The run's load as it was started, or changed last; none before the first run.
    pub load: Option<Load>,
    /// Why users are told to stop, if they are.
    pub why: Option<Ending>,
    /// What the generator saw of itself in the last second; none before the first.
    pub vitals: Option<Vitals>,
    /// The figures so far, without histograms until the run is over; none before its first second is.
    pub report: Option<Arc<Report>>,
    /// How long requests and tasks took, of the very moment of the report: when the run is over, and where it was [asked for](RunHandle::with_histograms).
    pub histograms: Option<Arc<Histograms>>,
}

impl Default for Snapshot {
    fn default() -> Self {
        Self {
            run: 0,
            state: RunState::Ready,
            elapsed: Duration::ZERO,
            users: 0,
            wanted: 0,
            rate: 0.0,
            in_flight: 0,
            load: None,
            why: None,
            vitals: None,
            report: None,
            histograms: None,
        }
    }
}

/// The way to the conductor. It outlives a run; clones are the same way.
///
/// Nothing done with it can slow a shard: commands wait in a queue, events are bounded (who reads too slowly misses the oldest), and of the
/// snapshots there is only the latest.
#[derive(Debug, Clone)]
pub struct RunHandle {
    orders: mpsc::UnboundedSender<Order>,
    questions: mpsc::UnboundedSender<Question>,
    events: broadcast::Sender<Event>,
    snapshots: watch::Receiver<Arc<Snapshot>>,
}

/// A command on its way, and who may want to know what became of it.
pub(super) struct Order {
    pub(super) command: Command,
    pub(super) answer: Answer,
}

/// Takes what became of a command.
pub(super) type Answer = oneshot::Sender<Result<(), String>>;

/// The conductor's ends of the channels.
pub(super) struct Ends {
    pub(super) orders: mpsc::UnboundedReceiver<Order>,
    pub(super) questions: mpsc::UnboundedReceiver<Question>,
    pub(super) events: broadcast::Sender<Event>,
    pub(super) snapshots: watch::Sender<Arc<Snapshot>>,
    /// Which run it is.
    pub(super) run: u32,
}

impl Ends {
    /// Says what became of a command: a refusal to everybody.
    pub(super) fn answer(&self, answer: Answer, done: Result<(), String>) {
        if let Err(why) = &done {
            let _ = self.events.send(Event::Refused(why.clone()));
        }
        let _ = answer.send(done);
    }

    /// The next order while no run goes on.
    pub(super) async fn order(&mut self) -> Option<Order> {
        loop {
            tokio::select! {
                order = self.orders.recv() => return order,
                Some(question) = self.questions.recv() => drop(question),
            }
        }
    }
}

/// What snapshots don't have, because it would be much. One that is dropped tells who asked that no run goes on.
#[derive(Debug)]
pub(super) enum Question {
    /// The points of an entry of requests.
    History(HistoryQuestion),
    /// A snapshot of now with histograms.
    Histograms(oneshot::Sender<Arc<Snapshot>>),
}

/// Which points of which entry.
#[derive(Debug)]
pub(super) struct HistoryQuestion {
    kind: Kind,
    method: String,
    name: String,
    from_s: f64,
    answer: oneshot::Sender<Option<Vec<EntryPoint>>>,
}

impl HistoryQuestion {
    /// Answers it.
    pub(super) fn answer(self, entries: &EntryTimelines) {
        let points = entries.since(self.kind, &self.method, &self.name, self.from_s);
        // Who asked may be gone.
        let _ = self.answer.send(points);
    }
}

impl Question {
    /// Answers it when all is counted.
    pub(super) fn answer(self, entries: &EntryTimelines, last: &Arc<Snapshot>) {
        match self {
            Self::History(question) => question.answer(entries),
            Self::Histograms(answer) => drop(answer.send(Arc::clone(last))),
        }
    }
}

impl RunHandle {
    /// A handle and the ends that it reaches.
    pub(super) fn new() -> (Self, Ends) {
        let (to_conductor, orders) = mpsc::unbounded_channel();
        let (asking, questions) = mpsc::unbounded_channel();
        let (events, _) = broadcast::channel(64);
        let (latest, snapshots) = watch::channel(Arc::new(Snapshot::default()));
        let handle =
            Self { orders: to_conductor, questions: asking, events: events.clone(), snapshots };
        (handle, Ends { orders, questions, events, snapshots: latest, run: 0 })
    }

    /// Sends a command; it is carried out soon. Never blocks.
    pub fn send(&self, command: Command) {
        drop(self.order(command));
    }

    /// Sends a command, and waits until it is carried out; for [`Command::Start`] that is when the run begins.
    ///
    /// # Errors
    ///
    /// Why it could not be carried out.
    pub async fn ask(&self, command: Command) -> Result<(), String> {
        let answer = self.order(command).await;
        answer.unwrap_or_else(|_| Err("the run ended before it could be done".to_owned()))
    }

    fn order(&self, command: Command) -> oneshot::Receiver<Result<(), String>> {
        let (answer, answered) = oneshot::channel();
        // The conductor ends only after the last handle, so somebody listens.
        let _ = self.orders.send(Order { command, answer });
        answered
    }

    /// The events from now on.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// The latest snapshot, and a way to await the next.
    #[must_use]
    pub fn snapshots(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.snapshots.clone()
    }

    /// How it went on with one entry of requests: its points behind this time in seconds since the start, oldest first; see
    /// [`RequestEntry::history`](crate::stats::RequestEntry::history). Of the run that goes on, else of the last; none for an entry that it does not have.
    ///
    /// With 0 all points are meant, with `t_s` of the last one those that are new.
    pub async fn entry_history(
        &self,
        kind: Kind,
        method: &str,
        name: &str,
        from_s: f64,
    ) -> Option<Vec<EntryPoint>> {
        let (answer, answered) = oneshot::channel();
        let (method, name) = (method.to_owned(), name.to_owned());
        let is_it =
            |row: &&RequestEntry| (row.kind, &row.method, &row.name) == (kind, &method, &name);
        let question =
            HistoryQuestion { kind, method: method.clone(), name: name.clone(), from_s, answer };
        let _ = self.questions.send(Question::History(question));
        if let Ok(points) = answered.await {
            return points;
        }
        // No run goes on; the result of the last one has them.
        let latest = Arc::clone(&self.snapshots.borrow());
        let row = latest.report.as_ref()?.requests.iter().find(is_it)?;
        let points = row.history.iter().flatten().filter(|point| point.t_s > from_s);
        Some(points.cloned().collect())
    }

    /// The run as it is at this moment, with its [histograms](Snapshot::histograms): those of the run that goes on, else of the last. Each one costs the conductor as
    /// much as what it does once a second.
    pub async fn with_histograms(&self) -> Arc<Snapshot> {
        let (answer, answered) = oneshot::channel();
        let _ = self.questions.send(Question::Histograms(answer));
        // If no run goes on, the last snapshot has them.
        answered.await.unwrap_or_else(|_| Arc::clone(&self.snapshots.borrow()))
    }
}
