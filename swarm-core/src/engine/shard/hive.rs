//! The users of a shard: how they are started, told to stop, and missed when they are gone.

use super::seat::{ClassUsers, Seat};
use crate::context::{Calls, Class, Context, Notes, Shared, StopRequest, Waiting};
use crate::engine::life::user_events;
use crate::event::Listeners;
use crate::plan::ClassSpec;
use crate::request_log::Way;
use crate::stats::Delta;
use crate::trace::{Tracer, Tracing};
use crate::user::{Selection, UserClass};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{JoinError, JoinSet};
use tokio::time::Instant;

/// All users of a shard, whatever calls them.
pub(crate) struct Hive {
    /// The classes, and what is run of their tasks.
    classes: Vec<(&'static UserClass, Rc<Selection>)>,
    shared: Shared,
    listeners: Arc<Listeners>,
    /// They say their numbers when they are gone.
    alive: JoinSet<u32>,
    /// Those told to stop that may still be at work.
    leaving: Vec<Context>,
}

impl Hive {
    pub(crate) fn new(seat: &mut Seat) -> Self {
        let filter = &seat.spec.task_filter;
        let select = |(class, spec): (&&'static UserClass, &ClassSpec)| {
            (*class, Rc::new(class.selection(filter, &spec.task_weights)))
        };
        let classes = seat.classes.iter().zip(&seat.spec.classes).map(select).collect();
        let shared = Shared::new(Arc::clone(&seat.spec), seat.resources.clone(), seat.origin);
        let lines = |way: Way| Rc::new(RefCell::new(way.lines(shared.secrets.clone())));
        let log = seat.log.take().map(lines);
        let tracer = |tracing: Tracing| {
            let tracer = Tracer::new(tracing, seat.spec.seed, shared.secrets.clone());
            Rc::new(RefCell::new(tracer))
        };
        let tracer = seat.tracing.take().map(tracer);
        let shared = Shared {
            log,
            tracer,
            observer: user_events::observer(&seat.listeners),
            pulse: Arc::clone(&seat.pulse),
            ..shared
        };
        Self {
            classes,
            shared,
            listeners: Arc::clone(&seat.listeners),
            alive: JoinSet::new(),
            leaving: Vec::new(),
        }
    }

    /// Where users set marks.
    pub(crate) fn notes(&self) -> Rc<Notes> {
        Rc::clone(&self.shared.notes)
    }

    /// Where users ask the whole run to end.
    pub(crate) fn stop_request(&self) -> Rc<StopRequest> {
        Rc::clone(&self.shared.stop_request)
    }

    /// When the run began.
    pub(crate) fn origin(&self) -> Instant {
        self.shared.origin
    }

    /// Time since the run began.
    pub(crate) fn now(&self) -> Duration {
        self.shared.origin.elapsed()
    }

    /// Starts a user that goes on by its own schedule.
    pub(crate) fn start(&mut self, class: usize, number: u32) -> Context {
        let context = Context::new(self.known(class), number, self.shared.clone());
        self.spawn(class, &context);
        context
    }

    /// Whether users of a class come for a visit and leave.
    pub(crate) fn visits(&self, class: usize) -> bool {
        self.classes[class].0.visits.is_some()
    }

    /// Starts a user for an iteration that is due at this time; and for others after it, if it has a place to wait for them.
    pub(crate) fn call(
        &mut self,
        class: usize,
        number: u32,
        waiting: Option<Waiting>,
        due: Duration,
    ) -> Context {
        let calls = Calls::new(number, waiting, due);
        let context = Context::called(self.known(class), number, self.shared.clone(), calls);
        self.spawn(class, &context);
        context
    }

    fn known(&self, class: usize) -> Class {
        let place = u32::try_from(class).unwrap_or(u32::MAX);
        let (class, _) = &self.classes[class];
        let iterations = class.most_iterations();
        Class { place, name: class.name, host: class.host, wait: class.wait, iterations }
    }

    fn spawn(&mut self, class: usize, context: &Context) {
        let (of, selection) = &self.classes[class];
        let life = (of.run)(context.clone(), Rc::clone(selection));
        let life = user_events::around(&self.listeners, context, life);
        let number = context.number();
        self.alive.spawn_local(async move {
            life.await;
            number
        });
    }

    /// Counts an iteration that nobody is there for.
    pub(crate) fn drop_arrival(&mut self) {
        self.shared.recorder.borrow_mut().dropped();
    }

    /// Tells a user to stop.
    pub(crate) fn dismiss(&mut self, user: Context) {
        user.signal().stop(Instant::now() + self.shared.spec.stop_timeout);
        self.leaving.push(user);
    }

    /// Tells these users and all that are leaving to stop; what still runs at this time is cut off.
    pub(crate) fn stop(&mut self, users: Vec<Context>, cut_at: Instant) {
        self.shared.recorder.borrow_mut().stop_measuring();
        self.leaving.extend(users);
        for user in &self.leaving {
            user.signal().stop(cut_at);
        }
    }

    /// Whether all users are gone.
    pub(crate) fn is_empty(&self) -> bool {
        self.alive.is_empty()
    }

    /// Resolves when a user is gone, to its number; never while there is none.
    pub(crate) async fn gone(&mut self) -> Option<u32> {
        let Some(ended) = self.alive.join_next().await else { return std::future::pending().await };
        self.note(ended)
    }

    /// The number of a user that is gone, if there is another one.
    pub(crate) fn next_gone(&mut self) -> Option<u32> {
        let ended = self.alive.try_join_next()?;
        self.note(ended)
    }

    fn note(&mut self, ended: Result<u32, JoinError>) -> Option<u32> {
        if self.alive.len() < self.leaving.len() / 2 {
            self.leaving.retain(Context::is_alive);
        }
        // A user's loop contains the panics of its code, so only a fault of the loop itself comes here.
        let noted = |error: JoinError| {
            self.shared.recorder.borrow_mut().exception("", "user", &error.to_string());
        };
        ended.map_err(noted).ok()
    }

    /// A count for each class, with why its last user that could not start could not.
    pub(crate) fn counts(&self) -> Vec<ClassUsers> {
        let errors = self.shared.start_errors.borrow();
        let count = |(class, _): &(&UserClass, _)| ClassUsers {
            start_error: errors.get(class.name).cloned(),
            ..ClassUsers::default()
        };
        self.classes.iter().map(count).collect()
    }

    /// What is new since the last time.
    pub(crate) fn drain(&mut self) -> Delta {
        if let Some(log) = &self.shared.log {
            log.borrow_mut().hand_over();
        }
        if let Some(tracer) = &self.shared.tracer {
            tracer.borrow_mut().hand_over();
        }
        self.shared.recorder.borrow_mut().drain()
    }

    /// Forgets the figures so far.
    pub(crate) fn reset(&mut self) {
        self.shared.recorder.borrow_mut().reset();
    }

    /// Nothing comes any more.
    pub(crate) fn close(&mut self) {
        if let Some(log) = &self.shared.log {
            log.borrow_mut().close();
        }
        if let Some(tracer) = &self.shared.tracer {
            tracer.borrow_mut().close();
        }
    }
}
