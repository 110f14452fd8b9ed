//! What all answers are made from.

use super::access::Access;
use super::course::Course;
use super::pace::Pace;
use super::refusal::Refused;
use crate::error::UsageError;
use crate::history::History;
use crate::log_lines::LogLines;
use crate::metrics::Kept;
use crate::options::Options;
use crate::run_spec::drawn_seed;
use crate::setting_flags;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use swarm_core::context::Resources;
use swarm_core::engine::{RunHandle, Snapshot, Start};
use swarm_core::plan::RunSpec;
use swarm_core::user::Registry;
use tokio::sync::mpsc::Sender;
use tokio::sync::{Semaphore, oneshot, watch};
use tokio::time::{Instant, timeout};

/// Event streams at one time.
const STREAMS: usize = 64;
/// How long they may take to tell the last.
const PATIENCE: Duration = Duration::from_secs(1);

/// A run that somebody wants.
pub(crate) struct StartRequest {
    pub(crate) start: Start,
    pub(crate) answer: Answer,
}

/// Takes the number of the run that began, or why there is none.
pub(crate) type Answer = oneshot::Sender<Result<u32, Refusal>>;

/// Why a run does not start.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Another one goes on.
    Busy,
    /// It can't be run.
    Invalid(UsageError),
}

/// What the server knows.
pub(super) struct Site {
    pub(super) handle: RunHandle,
    pub(super) resources: Resources,
    pub(super) registry: Registry,
    pub(super) starts: Sender<StartRequest>,
    /// As the program was started.
    pub(super) options: Options,
    /// The login, if one is demanded.
    pub(super) access: Option<Access>,
    pub(super) streams: Arc<Semaphore>,
    /// What was logged.
    pub(super) log: Arc<LogLines>,
    pub(super) course: Course,
    /// What other systems collect.
    pub(super) metrics: Kept,
    /// Finished runs; none that are kept if nothing else is said.
    pub(super) history: Arc<History>,
    /// Whose turn it is to read files.
    pub(super) reading: Arc<Semaphore>,
    /// Whether the program is about to end.
    pub(super) closing: watch::Sender<bool>,
    typed: Mutex<Typed>,
    pace: Mutex<Pace>,
}

/// What the form begins with.
#[derive(Debug, Clone)]
pub(super) struct Typed {
    /// The last run that was started, or what the options say.
    pub(super) spec: RunSpec,
    /// What was typed for its settings, by their keys; no secrets.
    pub(super) settings: BTreeMap<String, String>,
    /// For the next run, if none is typed.
    pub(super) seed: u64,
    /// Whether the seed of that run was typed, and not drawn.
    pub(super) has_seed: bool,
}

impl Site {
    pub(super) fn new(
        handle: RunHandle,
        resources: Resources,
        registry: Registry,
        starts: Sender<StartRequest>,
        spec: &RunSpec,
        options: &Options,
        log: Arc<LogLines>,
    ) -> Self {
        let typed = Mutex::new(Typed {
            spec: spec.clone(),
            settings: BTreeMap::new(),
            seed: drawn_seed(),
            has_seed: options.seed.is_some(),
        });
        Self {
            metrics: Kept::new(handle.clone()),
            handle,
            resources,
            registry,
            starts,
            options: options.clone(),
            access: None,
            streams: Arc::new(Semaphore::new(STREAMS)),
            log,
            course: Course::default(),
            history: Arc::default(),
            reading: Arc::new(Semaphore::new(1)),
            closing: watch::Sender::new(false),
            typed,
            pace: Mutex::default(),
        }
    }

    /// The run as it is now.
    pub(super) fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.handle.snapshots().borrow())
    }

    /// Counts a request from this address, or refuses it.
    pub(super) fn take(&self, from: IpAddr) -> Result<(), Refused> {
        let mut pace = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = pace.take(from, Instant::now());
        taken.map_err(|wait| Refused::too_often("requests", wait))
    }

    /// What the form begins with.
    pub(super) fn typed(&self) -> Typed {
        self.lock().clone()
    }

    /// Notes what was started.
    pub(super) fn started(&self, spec: RunSpec, mut settings: BTreeMap<String, String>) {
        for secret in setting_flags::of(self.registry.classes()).iter().filter(|it| it.field.secret)
        {
            settings.remove(&secret.names.key);
        }
        let mut typed = self.lock();
        typed.has_seed = typed.seed != spec.seed;
        if !typed.has_seed {
            typed.seed = drawn_seed();
        }
        // They are those of one run.
        typed.spec = RunSpec { name: None, notes: None, ..spec };
        typed.settings = settings;
    }

    /// Ends the streams, when they have told the last.
    pub(super) async fn close(&self) {
        self.closing.send_replace(true);
        let all = self.streams.acquire_many(STREAMS as u32);
        // Who does not listen is not waited for.
        let _ = timeout(PATIENCE, all).await;
    }

    fn lock(&self) -> MutexGuard<'_, Typed> {
        self.typed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
