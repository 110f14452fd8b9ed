//! Saying what is tried, and running it.

use super::preparation::{check_host, resources, selection};
use super::tried::Tried;
use crate::context::Resources;
use crate::engine::{Told, Trying, Until};
use crate::judge::Ending;
use crate::plan::RunSpec;
use crate::user::{Registry, User, UserClass};
use crate::watch::{Exception, Moment};
use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::oneshot;

/// Longest time for a trial, if not told otherwise.
const LIMIT: Duration = Duration::from_secs(30);
/// How long a user that is cut off may take to be gone; more than `on_stop` and the listeners have.
const GRACE: Duration = Duration::from_secs(10);

/// One user of a class, to be tried: see [the module](super).
///
/// Without [`task`](Self::task) and [`iterations`](Self::iterations) each task runs once, in the order of declaration. There are no pauses: neither between
/// tasks nor where one calls [`Context::wait`](crate::context::Context::wait). A user that can't start does not try again. Functions that listen to users
/// and requests are told; those that listen to runs are not, because there is none.
#[must_use = "a trial runs when it is awaited, or by `run`"]
pub struct Trial {
    class: Result<&'static UserClass, String>,
    spec: RunSpec,
    tasks: Vec<String>,
    iterations: Option<u64>,
    settings: Vec<(String, String)>,
    resources: Resources,
    until: Until,
    watch: Box<dyn FnMut(&Moment) + Send>,
}

impl Trial {
    /// A user of this class.
    pub fn of<U: User>() -> Self {
        Self::find(|registry| {
            let found = registry.classes().iter().copied().find(|class| class.is::<U>());
            found.ok_or_else(|| format!("`{}` is no user class", std::any::type_name::<U>()))
        })
    }

    /// A user of the class with this name.
    pub fn named(name: &str) -> Self {
        Self::find(|registry| registry.class(name).map_err(|error| error.to_string()))
    }

    fn find(class: impl FnOnce(&Registry) -> Result<&'static UserClass, String>) -> Self {
        let registry = Registry::find().map_err(|error| error.to_string());
        Self {
            class: registry.and_then(|registry| class(&registry)),
            spec: RunSpec::new(Vec::new()),
            tasks: Vec::new(),
            iterations: None,
            settings: Vec::new(),
            resources: Resources::default(),
            until: Until { limit: Some(LIMIT), asked: Box::pin(std::future::pending()) },
            watch: Box::new(|_| ()),
        }
    }

    /// Base URL of the target; the class's own if not given.
    pub fn host(mut self, url: impl Into<String>) -> Self {
        self.spec.host = Some(url.into());
        self
    }

    /// Runs this task, by its name. Several run in the order in which they are given.
    pub fn task(mut self, name: impl Into<String>) -> Self {
        self.tasks.push(name.into());
        self
    }

    /// So many runs of tasks, picked by their weights as in a run: of those that are given, or of all.
    pub fn iterations(mut self, iterations: u64) -> Self {
        self.iterations = Some(iterations);
        self
    }

    /// A setting of the class, by the name of its field; by that of its variable, as `SHOP_USERNAME`, where two fields have one name. The items of a list are
    /// separated by commas.
    ///
    /// What is not given comes from the environment, else it is the default. `.env` and `swarm.toml` are not read.
    pub fn setting(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.push((name.into(), value.into()));
        self
    }

    /// Longest time for the whole (30 seconds); what still runs then is cut off. None for no limit.
    pub fn limit(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.until.limit = limit.into();
        self
    }

    /// Changes anything else of what a run is described by: options of the client, the seed.
    ///
    /// ```
    /// # use swarm_core::prelude::*;
    /// # use swarm_core::testing::Trial;
    /// # #[user] struct Visitor { client: HttpClient }
    /// # #[tasks] impl Visitor { #[task] async fn look_around(&mut self) {} }
    /// let trial = Trial::of::<Visitor>().spec(|spec| spec.client.insecure = true);
    /// ```
    pub fn spec(mut self, change: impl FnOnce(&mut RunSpec)) -> Self {
        change(&mut self.spec);
        self
    }

    /// What all users share, where it is not to be as usual in tests: `Feeds::in_folder` if files of test data are not sought in the package.
    pub fn resources(mut self, resources: Resources) -> Self {
        self.resources = resources;
        self
    }

    /// Is told what the user does, as it happens. It is called on a thread that is not the user's.
    pub fn watch(mut self, watch: impl FnMut(&Moment) + Send + 'static) -> Self {
        self.watch = Box::new(watch);
        self
    }

    /// Tells the user to stop when this resolves: the running task may end within the stop timeout, and `on_stop` runs.
    pub fn until(mut self, asked: impl Future<Output = ()> + Send + 'static) -> Self {
        self.until.asked = Box::pin(asked);
        self
    }

    /// Runs it, and waits for its end.
    ///
    /// # Errors
    ///
    /// What keeps it from being run: an unknown task or setting, a host or setting that is missing. A login that fails is no such error, but what the user did.
    pub fn run(self) -> Result<Tried, TrialError> {
        let flavor = Handle::try_current().map(|runtime| runtime.runtime_flavor());
        if matches!(flavor, Ok(RuntimeFlavor::CurrentThread)) {
            let why = "`run()` would block the runtime of this test, and a server on it: write `.await` instead";
            return Err(TrialError(why.to_owned()));
        }
        self.start()
    }

    fn start(self) -> Result<Tried, TrialError> {
        let Self { class, spec, tasks, iterations, settings, resources: given, until, watch } =
            self;
        let class = class.map_err(TrialError)?;
        let prepare = || {
            let registry = Registry::find().map_err(|error| error.to_string())?;
            check_host(class, spec.host.as_deref())?;
            let resources = resources(class, given, &settings)?;
            let selection = selection(class, &spec, &tasks, iterations)?;
            Trying::new(class, &registry, spec, &resources, (selection, iterations))
        };
        live(class, prepare().map_err(TrialError)?, until, watch)
    }
}

impl IntoFuture for Trial {
    type Output = Result<Tried, TrialError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async {
            let (done, tried) = oneshot::channel();
            // Real time passes for the user, also where that of the caller is paused.
            spawn("swarm-trial", move || drop(done.send(self.start())))?;
            tried.await.unwrap_or_else(|_| Err(TrialError("the trial's thread ended".to_owned())))
        })
    }
}

/// Lets the user live on a thread of its own, and gathers what it does.
fn live(
    class: &'static UserClass,
    trying: Trying,
    until: Until,
    watch: Box<dyn FnMut(&Moment) + Send>,
) -> Result<Tried, TrialError> {
    let (tell, told) = channel();
    let deadline = until.limit.map(|limit| Instant::now() + limit + GRACE);
    let user = move || {
        let refused = tell.clone();
        // Who does not listen any more has given up.
        if let Err(error) = trying.live(until, move |what| drop(tell.send(Ok(what)))) {
            drop(refused.send(Err(error)));
        }
    };
    spawn("swarm-user", user)?;
    gather(class, &told, deadline, watch)
}

fn gather(
    class: &'static UserClass,
    told: &Receiver<std::io::Result<Told>>,
    deadline: Option<Instant>,
    mut watch: Box<dyn FnMut(&Moment) + Send>,
) -> Result<Tried, TrialError> {
    let mut tried = Tried::new(class.name);
    let mut running = "setup".to_owned();
    loop {
        let next = match deadline {
            Some(deadline) => told.recv_timeout(deadline.saturating_duration_since(Instant::now())),
            None => told.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        let moment = match next {
            Ok(Ok(Told::Moment(moment))) => moment,
            Ok(Ok(Told::Ended(ending, metrics))) => {
                return Ok(Tried { ending, metrics, ..tried });
            }
            Ok(Err(error)) => return Err(TrialError(format!("can't start: {error}"))),
            Err(RecvTimeoutError::Disconnected) => {
                return Err(TrialError("the user's thread ended".to_owned()));
            }
            Err(RecvTimeoutError::Timeout) => {
                let message = "it blocks its thread: it did not end when it was cut off".to_owned();
                let blocks = Moment::Exception(Exception { task: running, message });
                watch(&blocks);
                tried.add(blocks);
                return Ok(Tried { ending: Ending::TimeUp, ..tried });
            }
        };
        if let Moment::Begins(what) = &moment {
            running.clone_from(what);
        }
        watch(&moment);
        tried.add(moment);
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), TrialError> {
    let started = thread::Builder::new().name(name.to_owned()).spawn(work);
    started.map(drop).map_err(|error| TrialError(format!("can't start a thread: {error}")))
}

/// Why a trial could not be run.
#[derive(Clone, PartialEq, Eq)]
pub struct TrialError(String);

impl fmt::Display for TrialError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl fmt::Debug for TrialError {
    /// As it is shown: tests print errors by this.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl Error for TrialError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::*;

    #[user]
    struct Sitter;

    #[tasks]
    impl Sitter {
        #[task]
        fn sit(&mut self) {}
    }

    #[test]
    fn a_thread_that_is_blocked_is_not_waited_for() {
        let class = Trial::of::<Sitter>().class.expect("compiled");
        let (tell, told) = channel();
        tell.send(Ok(Told::Moment(Moment::Begins("sit".to_owned())))).expect("somebody listens");
        let tried = gather(class, &told, Some(Instant::now()), Box::new(|_| ())).expect("an end");
        assert_eq!(tried.ending, Ending::TimeUp);
        let exceptions: Vec<String> = tried.exceptions.iter().map(ToString::to_string).collect();
        assert_eq!(exceptions, ["sit: it blocks its thread: it did not end when it was cut off"]);
        drop(tell);
        assert!(gather(class, &told, None, Box::new(|_| ())).is_err(), "nobody is left to tell");
    }
}
