//! The surroundings of one simulated user.

use super::calls::Calls;
use super::code::{At, Class};
use super::iterations::Iterations;
use super::notes::Notes;
use super::pulse::Pulse;
use super::resources::Resources;
use super::signal::Signal;
use super::stop_request::StopRequest;
use crate::clock::Timestamp;
use crate::plan::RunSpec;
use crate::random::Random;
use crate::request_log::Lines;
use crate::secrets::Secrets;
use crate::settings::SettingValues;
use crate::stats::{Attempt, Example, ExceptionExample, Recorder, Sample, SampleResult, TaskRun};
use crate::trace::{Traced, Tracer, Traits};
use crate::wait::{Next, Schedule};
use crate::watch::Onlooker;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// The surroundings of one simulated user.
///
/// A user that wants them has a field `context: Context`. Clones are the same context.
///
/// ```
/// use swarm_core::prelude::*;
///
/// #[user(wait = between(1s, 5s))]
/// struct Reader {
///     context: Context,
///     client: HttpClient,
/// }
///
/// #[tasks]
/// impl Reader {
///     #[task]
///     async fn read_two_pages(&mut self) -> TaskResult {
///         let first = self.context.random(|random| random.number(1..=100));
///         self.client.get(path!("/page/{first}")).await?;
///         self.context.wait().await;
///         self.client.get(path!("/page/{next}", next = first + 1)).await?;
///         Ok(())
///     }
/// }
/// ```
#[derive(Clone)]
pub struct Context(Rc<Inner>);

struct Inner {
    class: Class,
    number: u32,
    host: Option<String>,
    shared: Shared,
    random: RefCell<Random>,
    schedule: RefCell<Schedule>,
    signal: Signal,
    /// Where its iterations come from, if they arrive instead of following its own schedule.
    calls: Option<Calls>,
    /// Whether it is between two iterations.
    resting: Cell<bool>,
    /// How late the running iteration started, if it had a due time; told to its first request.
    delay: Cell<Option<Duration>>,
    /// Declared waits within the running task.
    waited: Cell<Duration>,
    /// Iterations that it has begun.
    iterations: Cell<u64>,
    /// The number of the task that it runs; 0 for what is no task.
    task: Cell<u32>,
}

/// What looks at each request that is recorded, and at the context of its user.
pub(crate) type Observer = Rc<dyn Fn(&Context, &Sample<'_>)>;

/// What all users of a shard share.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) spec: Arc<RunSpec>,
    pub(crate) resources: Resources,
    pub(crate) iterations: Iterations,
    /// What is taken out of every text that leaves the shard.
    pub(crate) secrets: Secrets,
    pub(crate) recorder: Rc<RefCell<Recorder>>,
    /// The shard's lines of the request log, if there is one.
    pub(crate) log: Option<Rc<RefCell<Lines>>>,
    /// The shard's spans, if requests are traced.
    pub(crate) tracer: Option<Rc<RefCell<Tracer>>>,
    /// Who listens to requests, if anybody does.
    pub(crate) observer: Option<Observer>,
    /// Who looks on, if anybody does.
    pub(crate) onlooker: Option<Rc<Onlooker>>,
    /// Per class, the last error of a user that could not start.
    pub(crate) start_errors: Rc<RefCell<HashMap<&'static str, String>>>,
    /// Where a user asks the whole run to end.
    pub(crate) stop_request: Rc<StopRequest>,
    /// Where a user sets marks.
    pub(crate) notes: Rc<Notes>,
    /// What the shard's thread is doing.
    pub(crate) pulse: Arc<Pulse>,
    /// When the run began.
    pub(crate) origin: Instant,
}

impl Shared {
    /// For a run that began then. What its classes need was read before, so that all secrets are known.
    pub(crate) fn new(spec: Arc<RunSpec>, resources: Resources, origin: Instant) -> Self {
        let values = resources.get::<SettingValues>();
        let secrets = values.map(|values| values.secrets()).unwrap_or_default();
        let recorder = Recorder::with_limit(spec.max_names as usize);
        let recorder = recorder.redacting(secrets.clone());
        Self {
            spec,
            iterations: Iterations::clone(&resources.get().unwrap_or_default()),
            resources,
            secrets,
            recorder: Rc::new(RefCell::new(recorder)),
            log: None,
            tracer: None,
            observer: None,
            onlooker: None,
            start_errors: Rc::default(),
            stop_request: Rc::default(),
            notes: Rc::default(),
            pulse: Arc::default(),
            origin,
        }
    }
}

impl Context {
    /// The context of user `number` of a class.
    pub(crate) fn new(class: Class, number: u32, shared: Shared) -> Self {
        Self::with(class, number, shared, None)
    }

    /// The context of a user whose iterations arrive; it starts for the first of them.
    pub(crate) fn called(class: Class, number: u32, shared: Shared, calls: Calls) -> Self {
        Self::with(class, number, shared, Some(calls))
    }

    fn with(class: Class, number: u32, shared: Shared, calls: Option<Calls>) -> Self {
        let host = shared.spec.host.clone().or_else(|| class.host.map(str::to_owned));
        let random = RefCell::new(Random::new(shared.spec.seed, number));
        let schedule = RefCell::new(Schedule::new(class.wait, shared.origin.elapsed()));
        Self(Rc::new(Inner {
            class,
            number,
            host,
            shared,
            random,
            schedule,
            signal: Signal::default(),
            resting: Cell::new(calls.is_none()),
            calls,
            delay: Cell::new(None),
            waited: Cell::new(Duration::ZERO),
            iterations: Cell::new(0),
            task: Cell::new(0),
        }))
    }

    /// Name of the user's class.
    #[must_use]
    pub fn class(&self) -> &'static str {
        self.0.class.name
    }

    /// The user's number in the run, from 0. A user keeps it; no two users of a run share one.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.0.number
    }

    /// Base URL of the target: the run's, or the class's own.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        self.0.host.as_deref()
    }

    /// The description of the run.
    #[must_use]
    pub fn spec(&self) -> &RunSpec {
        &self.0.shared.spec
    }

    /// Uses the user's random generator: the same seed gives the same run.
    pub fn random<T>(&self, with: impl FnOnce(&mut Random) -> T) -> T {
        with(&mut self.0.random.borrow_mut())
    }

    /// Pauses as between two tasks, by the wait time of the class.
    ///
    /// The pause does not count as time of the task.
    pub async fn wait(&self) {
        let before = Instant::now();
        let next = self.random(|random| self.0.schedule.borrow().next(random));
        match next {
            Next::After(pause) => tokio::time::sleep(pause).await,
            Next::Due(at) => tokio::time::sleep_until(self.0.shared.origin + at).await,
        }
        self.0.schedule.borrow_mut().started(self.now());
        self.0.waited.set(self.0.waited.get() + before.elapsed());
    }

    /// Whether the user was told to stop; a long task may look at it and end early.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.0.signal.is_stopping()
    }

    /// A value that all users of the process share, by its type.
    #[must_use]
    pub fn resource<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.0.shared.resources.get::<T>()
    }

    /// Sets a mark on the timeline of the run: a line in its charts, and an event in its result. Secrets are taken out of the text, and what is
    /// longer than 200 characters is cut off. A run keeps 200 such marks; a trial has no timeline, and none.
    ///
    /// ```
    /// use swarm_core::prelude::*;
    ///
    /// #[user(wait = constant(1m))]
    /// struct Operator {
    ///     context: Context,
    ///     client: HttpClient,
    /// }
    ///
    /// #[tasks]
    /// impl Operator {
    ///     #[task]
    ///     async fn clear_the_cache(&mut self) -> TaskResult {
    ///         self.client.post("/admin/cache/clear").await?;
    ///         self.context.mark("cache cleared");
    ///         Ok(())
    ///     }
    /// }
    /// ```
    pub fn mark(&self, text: &str) {
        self.0.shared.notes.set(self.now(), &self.secrets().redact(text));
    }

    /// Whether anybody else holds this context: the user, as long as it lives.
    pub(crate) fn is_alive(&self) -> bool {
        Rc::strong_count(&self.0) > 1
    }

    /// Who looks on, if anybody does.
    pub(crate) fn onlooker(&self) -> Option<&Rc<Onlooker>> {
        self.0.shared.onlooker.as_ref()
    }

    /// Time since the run began.
    pub(crate) fn now(&self) -> Duration {
        self.0.shared.origin.elapsed()
    }

    pub(crate) fn origin(&self) -> Instant {
        self.0.shared.origin
    }

    pub(crate) fn signal(&self) -> &Signal {
        &self.0.signal
    }

    pub(crate) fn schedule<T>(&self, with: impl FnOnce(&mut Schedule) -> T) -> T {
        with(&mut self.0.schedule.borrow_mut())
    }

    /// Waits for an iteration that arrives, and says when it is due; none when told to stop. Without arrivals it is the user's own schedule that says.
    pub(crate) async fn next_call(&self) -> Option<Option<Duration>> {
        match &self.0.calls {
            Some(calls) => calls.next(&self.0.signal).await,
            None => Some(None),
        }
    }

    /// Gives the user an iteration that is due at this time.
    pub(crate) fn call(&self, due: Duration) {
        if let Some(calls) = &self.0.calls {
            calls.give(due, &self.0.signal);
        }
    }

    /// Iterations that the user was given and has not begun, when it was told to stop; told once.
    pub(crate) fn missed_calls(&self) -> u64 {
        let told = self.0.calls.as_ref().filter(|_| self.0.signal.is_stopping());
        told.map_or(0, Calls::missed)
    }

    /// Iterations that were due by its own schedule when it was told to stop, and have not begun.
    pub(crate) fn missed(&self) -> u64 {
        let told_at = self.0.signal.told_at().filter(|_| self.0.calls.is_none());
        let missed = |told_at: Instant| {
            let until = told_at.saturating_duration_since(self.0.shared.origin);
            self.0.schedule.borrow().missed(until)
        };
        told_at.map_or(0, missed)
    }

    /// Notes whether the user is between two iterations.
    pub(crate) fn set_resting(&self, resting: bool) {
        self.0.resting.set(resting);
    }

    /// Whether the user is between two iterations, or has not come to its first.
    pub(crate) fn is_resting(&self) -> bool {
        self.0.resting.get()
    }

    /// Takes one of the run's iterations, to be begun or given back. Returns whether there was one.
    pub(crate) fn take_iteration(&self) -> bool {
        let had = self.0.iterations.get();
        let is_left = self.0.class.iterations.is_none_or(|most| had < most);
        let taken = is_left && self.0.shared.iterations.take(had);
        self.0.iterations.set(had + u64::from(taken));
        taken
    }

    /// Whether the run has no iteration left to begin.
    pub(crate) fn are_iterations_used_up(&self) -> bool {
        self.0.shared.iterations.are_used_up()
    }

    /// Gives an iteration back that did not begin.
    pub(crate) fn give_iteration_back(&self) {
        self.0.iterations.set(self.0.iterations.get() - 1);
        self.0.shared.iterations.give_back();
    }

    /// Code of the user begins to run; it goes on until [`Pulse::end`].
    pub(crate) fn pulse(&self) -> &Pulse {
        let pulse = &self.0.shared.pulse;
        pulse.begin(self.0.class.place, self.0.task.get());
        pulse
    }

    /// Notes that a run of a task, or of what stands for one, starts; this late if it was due.
    pub(crate) fn begin_iteration(&self, at: At<'_>, delay: Option<Duration>) {
        self.0.task.set(at.task);
        self.0.delay.set(delay);
        self.0.waited.set(Duration::ZERO);
        if let Some(onlooker) = self.onlooker() {
            onlooker.begins(at.name);
        }
    }

    /// Declared waits in the iteration so far.
    pub(crate) fn waited(&self) -> Duration {
        self.0.waited.get()
    }

    /// The response time as seen from the schedule, if there is one: the first request of an iteration is charged its late start.
    pub(crate) fn charge_delay(&self, response_time: Duration) -> Option<Duration> {
        let delay = self.0.delay.get()?;
        self.0.delay.set(Some(Duration::ZERO));
        Some(response_time + delay)
    }

    /// Records a sample, and keeps it as an example if it is of note. Nobody holds the recorder across an await, so it is always free here.
    pub(crate) fn record(&self, sample: &Sample<'_>, example: impl FnOnce() -> Example) {
        let of_note = self.recorder(|recorder| recorder.record(sample));
        if of_note {
            let example = example();
            self.recorder(|recorder| recorder.keep(example));
        }
        if let Some(log) = &self.0.shared.log {
            log.borrow_mut().add(self.class(), self.number(), sample);
        }
        if let Some(observer) = &self.0.shared.observer {
            observer(self, sample);
        }
    }

    /// A request begins. Returns its place in a trace, if it is traced.
    pub(crate) fn begin_span(&self) -> Option<Traced> {
        let tracer = self.0.shared.tracer.as_ref()?;
        tracer.borrow_mut().begin(self.number(), self.0.iterations.get())
    }

    /// A request that is traced was recorded: this is where and when it was, and what sort of failure.
    #[cold]
    pub(crate) fn end_span(
        &self,
        traced: Traced,
        sample: &Sample<'_>,
        begun: Instant,
        url: Option<String>,
        sort: Option<&'static str>,
    ) {
        if let Some(tracer) = &self.0.shared.tracer {
            let traits = Traits { class: self.class(), user: self.number(), begun, url, sort };
            tracer.borrow_mut().end(traced, sample, traits);
        }
    }

    /// A request that was just recorded as it is kept, without where it went and what was answered.
    #[cold]
    pub(crate) fn example(&self, sample: &Sample<'_>) -> Example {
        let error = match sample.result {
            SampleResult::Failed(error) => Some(error.to_owned()),
            SampleResult::Ok | SampleResult::Interrupted => None,
        };
        Example {
            at: Timestamp::now(),
            class: self.class().to_owned(),
            user: self.number(),
            kind: sample.kind,
            method: sample.method.to_owned(),
            name: sample.name.to_owned(),
            url: String::new(),
            response_time_ms: sample.response_time.as_secs_f64() * 1_000.0,
            status: sample.status,
            error,
            body: None,
        }
    }

    /// Records how an attempt on the wire ended.
    pub(crate) fn record_attempt(&self, attempt: Attempt) {
        self.0.shared.recorder.borrow_mut().attempt(attempt);
    }

    /// Records a panic of a task, or of what stands for one (`setup`, `on_start`, `on_stop`), or what else its message says in full.
    pub(crate) fn exception(&self, task: &str, message: &str) {
        self.exception_of(self.class(), task, message, || message.to_owned());
    }

    /// Records an error or a panic of a class, with its text in full.
    pub(crate) fn exception_of(
        &self,
        class: &str,
        task: &str,
        message: &str,
        full: impl FnOnce() -> String,
    ) {
        if self.recorder(|recorder| recorder.exception(class, task, message)) {
            let (at, user) = (Timestamp::now(), Some(self.number()));
            let example = ExceptionExample { at, user, text: full() };
            self.recorder(|recorder| recorder.keep_exception([class, task, message], example));
        }
        if let Some(onlooker) = self.onlooker() {
            onlooker.exception(task, message);
        }
    }

    /// Records a run of a task.
    pub(crate) fn record_task(&self, run: &TaskRun<'_>) {
        self.recorder(|recorder| recorder.record_task(run));
        if let Some(onlooker) = self.onlooker() {
            onlooker.task_ends(run);
        }
    }

    /// Asks the whole run to end.
    pub(crate) fn stop_test(&self, reason: &str) {
        self.0.shared.stop_request.ask(self.class(), &self.secrets().redact(reason));
    }

    /// Notes why the user could not start. Where somebody looks on, it does not try again.
    pub(crate) fn start_failed(&self, message: &str) {
        if let Some(onlooker) = self.onlooker() {
            onlooker.could_not_start(message);
            self.signal().stop(Instant::now());
        }
        let message = self.secrets().redact(message).into_owned();
        self.0.shared.start_errors.borrow_mut().insert(self.class(), message);
    }

    /// The secret values of the run's settings: to be taken out of whatever is kept of a request.
    pub(crate) fn secrets(&self) -> &Secrets {
        &self.0.shared.secrets
    }

    /// Uses the shard's recorder.
    pub(crate) fn recorder<T>(&self, with: impl FnOnce(&mut Recorder) -> T) -> T {
        with(&mut self.0.shared.recorder.borrow_mut())
    }
}
