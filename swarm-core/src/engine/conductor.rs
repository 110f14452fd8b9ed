//! The conductor: waits for commands, and conducts one run at a time.

use super::examination::Examination;
use super::fleet::Fleet;
use super::handle::{Command, Ends, Event, RunHandle};
use super::run::Run;
use super::run_events::{Happening, RunEvents};
use crate::auth::SharedCredentials;
use crate::context::{Iterations, Resources};
use crate::event::Listeners;
use crate::feed::Feeds;
use crate::http;
use crate::plan::{Crowd, Load, RunSpec};
use crate::request_log::RequestLog;
use crate::settings::SettingValues;
use crate::user::{Registry, Selection, UserClass};
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
}

impl Conductor {
    async fn conduct(mut self, mut ends: Ends) {
        while let Some(command) = ends.commands.recv().await {
            match command {
                Command::Start(spec) => {
                    if let Err(why) = self.start(*spec, &mut ends).await {
                        drop(ends.events.send(Event::Refused(why)));
                    }
                }
                Command::Load(_) | Command::Stop(_) | Command::Reset => {
                    let why = "there is no run to change: start one first".to_owned();
                    drop(ends.events.send(Event::Refused(why)));
                }
            }
        }
    }

    /// Runs it, from the first listener to the last user.
    async fn start(&mut self, spec: RunSpec, ends: &mut Ends) -> Result<(), String> {
        let Prepared { spec, classes, resources, log } = self.prepare(spec)?;
        let values = resources.get::<SettingValues>();
        let secrets = values.map(|values| values.secrets()).unwrap_or_default();
        let events = RunEvents::new(Arc::clone(&self.listeners), secrets);
        let mut first = vec![Happening::TestStart(Arc::clone(&spec))];
        if !std::mem::replace(&mut self.initialised, true) {
            first.insert(0, Happening::Init(Arc::clone(&spec)));
        }
        let early = events.tell_and_wait(&first, spec.stop_timeout, ends).await;
        // The time of the run begins with its users.
        let origin = Instant::now();
        let listeners = &self.listeners;
        let fleet = Fleet::launch(&spec, &classes, &resources, listeners, log.as_ref(), origin)
            .map_err(|error| format!("can't start threads: {error}"))?;
        let examination = Examination::new(&spec, &classes, fleet.pulses());
        let iterations = Iterations::clone(&resources.get().unwrap_or_default());
        let run = Run::new(spec, fleet, examination, iterations, log, events, origin);
        run.conduct(&early, ends).await;
        Ok(())
    }

    /// Checks everything that can be known before the first user starts.
    fn prepare(&self, spec: RunSpec) -> Result<Prepared, String> {
        let feeds = self.resources.get::<Feeds>().unwrap_or_default();
        let resources = self.resources.clone().with(feeds.for_run(spec.seed));
        let resources = resources.with(SharedCredentials::default()).with(Iterations::of(&spec));
        let classes = check(&spec, &self.registry, &resources)?;
        let spec = Arc::new(spec);
        let log = spec.request_log.as_ref().map(|path| {
            let bad = |error| format!("can't write {}: {error}", path.display());
            RequestLog::create(path).map_err(bad)
        });
        let log = log.transpose()?;
        Ok(Prepared { spec, classes, resources, log })
    }
}

/// The classes of a spec, if all that they need is there.
fn check(
    spec: &RunSpec,
    registry: &Registry,
    resources: &Resources,
) -> Result<Vec<&'static UserClass>, String> {
    let loads = spec.classes.iter().filter_map(|class| class.load.as_ref());
    loads.chain([&spec.load]).try_for_each(Load::validate)?;
    let find = |class: &crate::plan::ClassSpec| registry.class(&class.name);
    let classes: Vec<_> = spec
        .classes
        .iter()
        .map(find)
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())?;
    if Crowd::of(spec).iter().all(Crowd::is_empty) {
        return Err("no class takes part: give one a weight or a fixed count".to_owned());
    }
    if spec.length().is_some_and(|length| spec.warmup >= length) {
        return Err("the warm-up takes the whole run: nothing would be measured".to_owned());
    }
    let values = resources.get::<SettingValues>().unwrap_or_default();
    for class in &classes {
        if Selection::new(&class.list, &spec.task_filter).is_empty() {
            return Err(format!("{} has no task that the tags leave", class.name));
        }
        for need in class.needs {
            if need.host {
                let host = spec.host.as_deref().or(class.host);
                let host = host.ok_or_else(|| format!("{} has no host", class.name))?;
                http::check(host, &spec.client)
                    .map_err(|error| format!("host of {}: {error}", class.name))?;
            }
            let errors = need.settings.map(|settings| (settings.check)(&values));
            let errors: Vec<String> = errors.iter().flatten().map(ToString::to_string).collect();
            if !errors.is_empty() {
                return Err(errors.join("\n"));
            }
            if let Some(check) = need.check {
                check(resources).map_err(|error| error.to_string())?;
            }
        }
    }
    Ok(classes)
}
