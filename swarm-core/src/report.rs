//! The result of a run: one value for the JSON file, the console and whatever reads results later.

use crate::clock::Timestamp;
use crate::judge::search::Capacity;
use crate::judge::{Outcome, ThresholdEntry};
use crate::plan::RunSpec;
use crate::stats::{
    ClassFigures, Example, ExceptionEntry, FailureEntry, HistoryPoint, MetricEntry, ObservedSeries,
    RequestEntry, RunTotals, TaskEntry, Wire,
};
use serde::{Deserialize, Serialize};

/// Everything that is known of a run: while it goes on, and when it is over.
///
/// Its JSON Schema stands in `schema/report.schema.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report {
    /// Version of this format: [`Report::SCHEMA`].
    pub schema: u32,
    /// Version of swarm that wrote it.
    pub swarm: String,
    /// What was run, and when.
    pub run: Run,
    /// Exit code and reasons; as far as is known while the run goes on.
    pub outcome: Outcome,
    /// The run's thresholds, in their order, and how they were kept so far.
    pub thresholds: Vec<ThresholdEntry>,
    /// The limit of the service, as far as it is known; null if it was not searched for.
    pub capacity: Option<Capacity>,
    /// All requests, without steps; those of logins only if the run counts them. In a search, these and the rows below are of the level that was confirmed.
    pub totals: RunTotals,
    /// Requests by kind, method and name.
    pub requests: Vec<RequestEntry>,
    /// What became of every attempt on the wire.
    pub wire: Wire,
    /// Runs of tasks.
    pub tasks: Vec<TaskEntry>,
    /// The classes that took part.
    pub classes: Vec<ClassEntry>,
    /// Failed requests by cause.
    pub failures: Vec<FailureEntry>,
    /// The slowest requests, the slowest first: ten at most.
    pub slowest: Vec<Example>,
    /// Errors of tasks and listeners that are not failed requests, and panics.
    pub exceptions: Vec<ExceptionEntry>,
    /// Figures of the user's own, by name.
    pub metrics: Vec<MetricEntry>,
    /// One point a second.
    pub history: Vec<HistoryPoint>,
    /// What was observed of the target, by query and labels: 200 series at most, ten of one query.
    pub observed: Vec<ObservedSeries>,
    /// What happened when, in the order of time: 500 at most, and one that says that later ones are left out.
    pub marks: Vec<Mark>,
}

impl Report {
    /// The version of the format that this program writes.
    pub const SCHEMA: u32 = 1;
}

/// What was run, and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Run {
    /// The description of the run.
    #[serde(flatten)]
    pub spec: RunSpec,
    /// When it started.
    pub started_at: Timestamp,
    /// When its last user was gone; now, while it goes on.
    pub ended_at: Timestamp,
    /// Seconds since the start from which on the figures count: none, the warm-up, or the last reset. The history has the warm-up too.
    pub measured_from_s: f64,
    /// Seconds from there until users were told to stop: what rates are computed over.
    pub duration_s: f64,
}

/// Something that happened in a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Mark {
    /// When, in seconds since the start.
    pub t_s: f64,
    /// What sort of thing.
    pub kind: MarkKind,
    /// What it was, for people.
    pub text: String,
}

/// Sorts of what happens in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// A stage of the load begins: the run's, or a class's of its own. Loads of more than fifty stages are curves, and have none.
    Stage,
    /// From here on figures count.
    WarmupOver,
    /// All users that are wanted are at work.
    SpawningComplete,
    /// The load was changed.
    Load,
    /// A level of a search has ended, or another begins.
    #[serde(rename = "level")]
    SearchLevel,
    /// A threshold does not hold any more, or not from the beginning.
    ThresholdFailed,
    /// A threshold that failed holds again.
    ThresholdKept,
    /// Figures and history were forgotten.
    Reset,
    /// Somebody set it: on the page, by the API, or [in code](crate::context::Context::mark).
    Note,
    /// Users were told to stop.
    Stopping,
    /// There were too many marks, or too many of one sort.
    LeftOut,
}

/// How often a task is to be run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TaskShare {
    /// Its name, after those of the sets that it is in: `forum::read`.
    pub task: String,
    /// Whether it is a set, which is entered, and has no row among the tasks.
    pub is_set: bool,
    /// How often it is picked among the tasks and sets of its list, from 0 to 1; where transitions decide, in the long run.
    pub share: f64,
}

/// A class that took part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClassEntry {
    /// Its name.
    pub name: String,
    /// Its share of the users, relative to the other classes' weights.
    pub weight: u32,
    /// Its fixed count of users; 0 for a share by weight.
    pub fixed_count: u32,
    /// Users now, those that are still logging in too; 0 when all are gone.
    pub users: u32,
    /// Users that its load goes to or holds now, those that arriving iterations need not among them; 0 once users are told to stop.
    pub wanted: u32,
    /// Most users at one time.
    pub peak_users: u32,
    /// How often its tasks are to be run, as the run's weights and tags say: a set, then what is in it, then what comes after it.
    #[serde(default)]
    pub shares: Vec<TaskShare>,
    /// Runs of all its tasks, those of its sets too.
    #[serde(flatten)]
    pub figures: ClassFigures,
}
