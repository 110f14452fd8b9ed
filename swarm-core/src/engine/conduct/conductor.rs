//! The conductor: waits for commands, and conducts one run at a time.

use super::attendance::Attendance;
use super::limit_search::LimitSearch;
use super::run::Run;
use crate::context::{Iterations, Resources};
use crate::engine::events::{Happening, RunEvents};
use crate::engine::fleet::{Fleet, Ways};
use crate::engine::generator::Examination;
use crate::engine::handle::{Command, Ends, Order, RunHandle, Start};
use crate::engine::preparation::{self, for_run};
use crate::event::Listeners;
use crate::plan::RunSpec;
use crate::request_log::RequestLog;
use crate::settings::SettingValues;
use crate::trace::Tracing;
use crate::user::{Registry, UserClass};
use std::io;
use std::sync::Arc;
use std::thread;
use tokio::runtime::Builder;
use tokio::time::Instant;

impl RunHandle {
    /// Starts a conductor on a thread of its own, for runs of these classes. It ends when the last handle is dropped.
    ///
    /// # Errors
    ///
    /// A thread or runtime that the operating system refuses.
    pub fn launch(registry: Registry, resources: Resources) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (handle, ends) = Self::new();
        let listeners = Arc::new(Listeners::find());
        let conductor = Conductor { registry, resources, listeners, initialised: false };
        thread::Builder::new()
            .name("swarm-conductor".to_owned())
            .spawn(move || runtime.block_on(conductor.conduct(ends)))?;
        Ok(handle)
    }
}

struct Conductor {
    registry: Registry,
    resources: Resources,
    listeners: Arc<Listeners>,
    /// Whether the listeners of `init` were told.
    initialised: bool,
}

/// A run that can be started.
struct Prepared {
    spec: Arc<RunSpec>,
    classes: Vec<&'static UserClass>,
    resources: Resources,
    log: Option<RequestLog>,
    tracing: Option<Tracing>,
    search: Option<LimitSearch>,
}

impl Conductor {
    async fn conduct(mut self, mut ends: Ends) {
        while let Some(Order { command, answer }) = ends.order().await {
            match command {
                Command::Start(start) => match self.launch(*start, &mut ends).await {
                    Ok((run, early)) => {
                        ends.run += 1;
                        run.conduct(answer, early, &mut ends).await;
                    }
                    Err(why) => ends.answer(answer, Err(why)),
                },
                // The last of a run may come behind its end.
                Command::Observed(_) => ends.answer(answer, Ok(())),
                Command::Mark(_) => {
                    let why = "no run goes on that could be marked: start one first".to_owned();
                    ends.answer(answer, Err(why));
                }
                Command::Load(_) | Command::Stop(_) | Command::Reset => {
                    let why = "there is no run to change: start one first".to_owned();
                    ends.answer(answer, Err(why));
                }
            }
        }
    }

    /// Prepares a run up to its first user. With it come the orders that were given meanwhile.
    async fn launch(&mut self, start: Start, ends: &mut Ends) -> Result<(Run, Vec<Order>), String> {
        let Prepared { spec, classes, resources, log, tracing, search } = self.prepare(start)?;
        let values = resources.get::<SettingValues>();
        let secrets = values.map(|values| values.secrets()).unwrap_or_default();
        let events = RunEvents::new(Arc::clone(&self.listeners), secrets);
        let mut first = vec![Happening::TestStart(Arc::clone(&spec))];
        if !std::mem::replace(&mut self.initialised, true) {
            first.insert(0, Happening::Init(Arc::clone(&spec)));
        }
        let early = events.tell_and_wait(&first, spec.stop_timeout, ends, drop).await;
        // The time of the run begins with its users.
        let origin = Instant::now();
        let listeners = &self.listeners;
        let ways = Ways { log: log.as_ref(), tracing: tracing.as_ref() };
        let fleet = Fleet::launch(&spec, &classes, &resources, listeners, ways, origin)
            .map_err(|error| format!("can't start threads: {error}"))?;
        let examination = Examination::new(&spec, &classes, fleet.pulses());
        let iterations = Iterations::clone(&resources.get().unwrap_or_default());
        let attendance = Attendance::new(&classes, &spec);
        let run = Run::new(spec, fleet, examination, attendance, log, events, origin);
        Ok((run.searching(search).counting(iterations), early))
    }

    /// Checks everything that can be known before the first user starts; opens the request log.
    fn prepare(&self, Start { spec, settings, tracing }: Start) -> Result<Prepared, String> {
        let known = self.resources.get::<SettingValues>().unwrap_or_default();
        let resources = self.resources.clone().with(known.overridden(settings));
        let resources = for_run(&resources, &spec);
        let (mut spec, classes, search) = ready(spec, &self.registry, &resources)?;
        // Secrets are known since the check has read them.
        let values = resources.get::<SettingValues>();
        let secrets = values.map(|values| values.secrets()).unwrap_or_default();
        for text in [&mut spec.name, &mut spec.notes].into_iter().flatten() {
            *text = secrets.redact(text).into_owned();
        }
        let spec = Arc::new(spec);
        let log = spec.request_log.as_ref().map(|path| {
            let bad = |error| format!("can't write {}: {error}", path.display());
            RequestLog::create(path).map_err(bad)
        });
        let log = log.transpose()?;
        Ok(Prepared { spec, classes, resources, log, tracing, search })
    }
}

/// Checks that a run could start, as far as that can be known: its classes, tasks, loads, settings, test data, hosts, its search for a limit.
///
/// # Errors
///
/// What keeps it from starting.
pub fn check(spec: &RunSpec, registry: &Registry, resources: &Resources) -> Result<(), String> {
    ready(spec.clone(), registry, &for_run(resources, spec)).map(drop)
}

/// The run with the load that it begins with, its classes and its search.
fn ready(
    spec: RunSpec,
    registry: &Registry,
    resources: &Resources,
) -> Result<(RunSpec, Vec<&'static UserClass>, Option<LimitSearch>), String> {
    let search = LimitSearch::of(&spec)?;
    let load = search.as_ref().map_or_else(|| spec.load.clone(), LimitSearch::start);
    let spec = RunSpec { load, ..spec };
    let classes = preparation::check(&spec, registry, resources)?;
    Ok((spec, classes, search))
}
