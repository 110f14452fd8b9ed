//! A shard: one thread's users, started and stopped by the plan, and their figures once a second.

use super::{panics, user_events};
use crate::context::{Class, Context, Iterations, Life, Resources, Shared};
use crate::event::Listeners;
use crate::plan::{Plan, RunSpec};
use crate::request_log::Way;
use crate::settings::SettingValues;
use crate::stats::{Delta, Recorder};
use crate::user::{Selection, UserClass};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

/// How often a shard hands over its figures.
pub(super) const PERIOD: Duration = Duration::from_secs(1);

/// What a shard is told.
#[derive(Debug, Clone)]
pub(super) enum ToShard {
    /// How many users are wanted when, and which of them live here: (index, class), lowest first.
    Plan(Plan, Vec<(usize, usize)>),
    /// Stop all users; what still runs at this time is cut off.
    Stop(Instant),
    /// Forget the figures so far.
    Reset,
}

/// What a shard tells.
#[derive(Debug)]
pub(super) enum FromShard {
    /// Its figures, once a second.
    Figures(Box<Figures>),
    /// A user of this class wants the run to end.
    StopTest { class: &'static str, reason: String },
}

/// What happened on a shard since it told the last time.
#[derive(Debug)]
pub(super) struct Figures {
    /// Which shard it is.
    pub(super) shard: usize,
    /// Which second of the run this is, from 0; those before it are complete.
    pub(super) second: u64,
    /// What is new since the last.
    pub(super) delta: Delta,
    /// Its users, by class.
    pub(super) users: Vec<ClassUsers>,
    /// Whether it is the last one: all users are gone.
    pub(super) last: bool,
}

/// The users of one class on one shard.
#[derive(Debug, Clone, Default)]
pub(super) struct ClassUsers {
    /// Not logged in yet.
    pub(super) starting: u32,
    /// At work.
    pub(super) running: u32,
    /// Ended by themselves.
    pub(super) ended: u32,
    /// Why the last one that could not start could not.
    pub(super) start_error: Option<String>,
}

/// What a shard is made of.
pub(super) struct Seat {
    pub(super) number: usize,
    pub(super) spec: Arc<RunSpec>,
    pub(super) classes: Vec<&'static UserClass>,
    pub(super) resources: Resources,
    pub(super) listeners: Arc<Listeners>,
    /// The way to the request log, if there is one.
    pub(super) log: Option<Way>,
    pub(super) origin: Instant,
    pub(super) commands: mpsc::UnboundedReceiver<ToShard>,
    pub(super) reports: mpsc::UnboundedSender<FromShard>,
}

/// Runs a shard until it was told to stop and its users are gone. Must be called where `spawn_local` works.
pub(super) async fn run(mut seat: Seat) {
    panics::install();
    let mut shard = Shard::new(&mut seat);
    let stop_request = Rc::clone(&shard.shared.stop_request);
    let mut report_at = seat.origin + PERIOD;
    let mut heard = true;
    while !(shard.stopping && shard.alive.is_empty()) {
        let change_at = shard.adjust();
        tokio::select! {
            biased;
            command = seat.commands.recv(), if heard => match command {
                Some(ToShard::Plan(plan, mine)) => shard.set(plan, mine),
                Some(ToShard::Stop(cut_at)) => shard.stop(cut_at),
                Some(ToShard::Reset) => shard.shared.recorder.borrow_mut().reset(),
                // Nobody is left to tell: end at once.
                None => {
                    heard = false;
                    shard.stop(Instant::now());
                }
            },
            () = sleep_until(report_at) => {
                let _ = seat.reports.send(FromShard::Figures(Box::new(shard.report(false))));
                report_at = seat.origin + PERIOD * (shard.elapsed_seconds() + 1);
            }
            () = sleep_until(change_at) => {}
            (class, reason) = stop_request.asked() => {
                let _ = seat.reports.send(FromShard::StopTest { class, reason });
            }
            Some(ended) = shard.alive.join_next() => shard.note(ended.err()),
        }
    }
    let last = shard.report(true);
    if let Some(log) = &shard.shared.log {
        log.borrow_mut().close();
    }
    let _ = seat.reports.send(FromShard::Figures(Box::new(last)));
}

struct Shard {
    number: usize,
    /// The classes, and what is run of their tasks.
    classes: Vec<(&'static UserClass, Rc<Selection>)>,
    shared: Shared,
    listeners: Arc<Listeners>,
    plan: Option<Plan>,
    /// Who lives here, lowest first. Those that run are always the first ones of these.
    mine: Vec<(usize, usize)>,
    users: BTreeMap<usize, (usize, Context)>,
    /// Those told to stop that may still be at work.
    leaving: Vec<Context>,
    alive: JoinSet<()>,
    stopping: bool,
}

impl Shard {
    fn new(seat: &mut Seat) -> Self {
        let filter = &seat.spec.task_filter;
        let select =
            |class: &&'static UserClass| (*class, Rc::new(Selection::new(&class.list, filter)));
        // All that the classes need were read before the run began.
        let values = seat.resources.get::<SettingValues>();
        let secrets = values.map(|values| values.secrets()).unwrap_or_default();
        let recorder = Recorder::default().redacting(secrets.clone());
        let lines = |way: Way| Rc::new(RefCell::new(way.lines(secrets.clone())));
        let shared = Shared {
            spec: Arc::clone(&seat.spec),
            resources: seat.resources.clone(),
            iterations: Iterations::clone(&seat.resources.get().unwrap_or_default()),
            recorder: Rc::new(RefCell::new(recorder)),
            log: seat.log.take().map(lines),
            secrets,
            observer: user_events::observer(&seat.listeners),
            stop_request: Rc::default(),
            start_errors: Rc::new(RefCell::new(HashMap::new())),
            origin: seat.origin,
        };
        Self {
            number: seat.number,
            classes: seat.classes.iter().map(select).collect(),
            shared,
            listeners: Arc::clone(&seat.listeners),
            plan: None,
            mine: Vec::new(),
            users: BTreeMap::new(),
            leaving: Vec::new(),
            alive: JoinSet::new(),
            stopping: false,
        }
    }

    fn set(&mut self, plan: Plan, mine: Vec<(usize, usize)>) {
        let wanted = plan.wanted(self.shared.origin.elapsed()) as usize;
        let gone: Vec<usize> = self
            .users
            .keys()
            .filter(|user| mine.binary_search_by_key(user, |(index, _)| index).is_err())
            .copied()
            .collect();
        gone.into_iter().for_each(|user| self.stop_user(user));
        for (user, class) in &mine {
            if *user < wanted && !self.users.contains_key(user) {
                self.start_user(*user, *class);
            }
        }
        self.plan = Some(plan);
        self.mine = mine;
    }

    /// Starts and stops users so that those wanted now run. Returns when that changes next.
    fn adjust(&mut self) -> Instant {
        let never = Instant::now() + Duration::from_secs(3_600);
        let Some(plan) = self.plan.as_ref().filter(|_| !self.stopping) else { return never };
        let now = self.shared.origin.elapsed();
        let (wanted, next) = (plan.wanted(now) as usize, plan.next_change(now));
        while let Some((last, _)) = self.users.last_key_value().filter(|(user, _)| **user >= wanted)
        {
            self.stop_user(*last);
        }
        while let Some((user, class)) =
            self.mine.get(self.users.len()).copied().filter(|(user, _)| *user < wanted)
        {
            self.start_user(user, class);
        }
        next.and_then(|at| self.shared.origin.checked_add(at)).unwrap_or(never)
    }

    fn start_user(&mut self, user: usize, class: usize) {
        let number = u32::try_from(user).unwrap_or(u32::MAX);
        let (of, selection) = &self.classes[class];
        let known = Class { name: of.name, host: of.host, wait: of.wait };
        let context = Context::new(known, number, self.shared.clone());
        let life = (of.run)(context.clone(), Rc::clone(selection));
        self.alive.spawn_local(user_events::around(&self.listeners, &context, life));
        self.users.insert(user, (class, context));
    }

    fn stop_user(&mut self, user: usize) {
        if let Some((_, context)) = self.users.remove(&user) {
            context.signal().stop(Instant::now() + self.shared.spec.stop_timeout);
            self.leaving.push(context);
        }
    }

    fn stop(&mut self, cut_at: Instant) {
        self.stopping = true;
        self.shared.recorder.borrow_mut().stop_measuring();
        let users = std::mem::take(&mut self.users);
        self.leaving.extend(users.into_values().map(|(_, context)| context));
        for context in &self.leaving {
            context.signal().stop(cut_at);
        }
    }

    /// A user's loop contains the panics of its code, so only a fault of the loop itself comes here.
    fn note(&mut self, error: Option<tokio::task::JoinError>) {
        if let Some(error) = error {
            self.shared.recorder.borrow_mut().exception("", "user", &error.to_string());
        }
        if self.alive.len() < self.leaving.len() / 2 {
            self.leaving.retain(Context::is_alive);
        }
    }

    fn drain(&mut self) -> Delta {
        self.shared.recorder.borrow_mut().drain()
    }

    /// Whole seconds since the start.
    fn elapsed_seconds(&self) -> u32 {
        u32::try_from(self.shared.origin.elapsed().as_secs()).unwrap_or(u32::MAX)
    }

    fn report(&mut self, last: bool) -> Figures {
        if let Some(log) = &self.shared.log {
            log.borrow_mut().hand_over();
        }
        let mut users = vec![ClassUsers::default(); self.classes.len()];
        for (class, context) in self.users.values() {
            match context.signal().life() {
                Life::Starting => users[*class].starting += 1,
                Life::Running => users[*class].running += 1,
                Life::Stopping => users[*class].ended += 1,
            }
        }
        for ((class, _), users) in self.classes.iter().zip(&mut users) {
            users.start_error = self.shared.start_errors.borrow().get(class.name).cloned();
        }
        // The last one is told in the middle of a second, all others at its end.
        let second = u64::from(self.elapsed_seconds());
        let second = if last { second } else { second.saturating_sub(1) };
        Figures { shard: self.number, second, delta: self.drain(), users, last }
    }
}
