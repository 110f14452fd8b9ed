//! One run: its plan, its figures, its end.

use super::attendance::Attendance;
use super::evidence::evidence;
use super::history::History;
use super::limit_search::{LimitSearch, Next};
use crate::clock::Timestamp;
use crate::context::Iterations;
use crate::engine::crowds::Crowds;
use crate::engine::deadline::reached;
use crate::engine::events::{Happening, RunEvents};
use crate::engine::fleet::Fleet;
use crate::engine::generator::Examination;
use crate::engine::handle::{
    Answer, Command, Ends, Event, Order, Question, RunState, Snapshot, Stop,
};
use crate::engine::seconds::{Second, Seconds};
use crate::engine::shard::seat::{Figures, FromShard, ToShard};
use crate::judge::search::Capacity;
use crate::judge::{Ending, Evidence, Outcome, Phase, Thresholds};
use crate::plan::{Load, RunSpec};
use crate::report::{MarkKind, Report};
use crate::request_log::RequestLog;
use crate::stats::{Delta, Ledger, Presence};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How long after the last user should be gone a silent shard is given up.
const SILENCE_LIMIT: Duration = Duration::from_secs(10);

/// A run that goes on.
pub(crate) struct Run {
    spec: Arc<RunSpec>,
    /// That of the spec, until it is changed.
    load: Load,
    fleet: Fleet,
    examination: Examination,
    /// The search for a limit, if this is one.
    search: Option<LimitSearch>,
    iterations: Iterations,
    log: Option<RequestLog>,
    events: RunEvents,
    /// Errors of its listeners; a reset does not forget them.
    failed_listeners: Delta,
    origin: Instant,
    /// When its last user was gone.
    over: Option<(Timestamp, Duration)>,
    crowds: Crowds,
    attendance: Attendance,
    seconds: Seconds,
    ledger: Ledger,
    history: History,
    thresholds: Thresholds,
    /// Since when the figures count: the end of the warm-up, or the last reset.
    measured_from: Duration,
    spawned: bool,
    /// Whether all users that are wanted run, and for a while no others are.
    steady: bool,
    ended: Option<Ended>,
    /// Figures that are known to be missing.
    missing: Vec<String>,
    /// What is missing from the request log.
    log_gap: Option<String>,
}

/// Users were told to stop.
struct Ended {
    why: Ending,
    at: Duration,
    /// When what still runs is cut off.
    cut_at: Instant,
}

impl Run {
    pub(crate) fn new(
        spec: Arc<RunSpec>,
        fleet: Fleet,
        examination: Examination,
        attendance: Attendance,
        log: Option<RequestLog>,
        events: RunEvents,
        origin: Instant,
    ) -> Self {
        let shards = fleet.size();
        Self {
            search: None,
            crowds: Crowds::new(&spec, shards),
            attendance,
            seconds: Seconds::new(shards),
            ledger: Ledger::with_logins(spec.count_logins).with_limit(spec.max_names as usize),
            history: History::new(&spec, warmed_up(&spec), events.secrets()),
            thresholds: Thresholds::new(&spec.thresholds, spec.count_logins),
            measured_from: warmed_up(&spec),
            over: None,
            spawned: false,
            steady: false,
            ended: None,
            missing: Vec::new(),
            log_gap: None,
            load: spec.load.clone(),
            spec,
            fleet,
            examination,
            iterations: Iterations::default(),
            log,
            events,
            failed_listeners: Delta::default(),
            origin,
        }
    }

    /// The same, whose load follows a search.
    pub(crate) fn searching(self, search: Option<LimitSearch>) -> Self {
        Self { search, ..self }
    }

    /// The same, which counts its iterations here.
    pub(crate) fn counting(self, iterations: Iterations) -> Self {
        Self { iterations, ..self }
    }

    /// Runs until all users are gone. The orders are those that came before it could begin.
    pub(crate) async fn conduct(mut self, begun: Answer, early: Vec<Order>, ends: &mut Ends) {
        self.publish(RunState::Spawning, Presence::default(), ends, None);
        let _ = ends.events.send(Event::Started);
        ends.answer(begun, Ok(()));
        early.into_iter().for_each(|order| self.obey(order, ends));
        if self.ended.is_none() {
            self.deal();
        }
        while self.seconds.unfinished() > 0 {
            let deadline = match &self.ended {
                None => self.spec.run_time.or(self.crowds.end()).map(|time| self.origin + time),
                Some(ended) => Some(ended.cut_at + SILENCE_LIMIT),
            };
            tokio::select! {
                report = self.fleet.next() => match report {
                    Some(FromShard::Figures(figures)) => self.hear(*figures, ends),
                    Some(FromShard::StopTest { class, reason }) => {
                        self.stop(Ending::StopTest { class: class.to_owned(), reason }, Stop::Graceful, ends);
                    }
                    Some(FromShard::Mark { at, text }) => self.history.marks.note_of_code(at, &text),
                    None => break,
                },
                order = ends.orders.recv() => match order {
                    Some(order) => self.obey(order, ends),
                    // Nobody is left who could want the result.
                    None => self.stop(Ending::Asked, Stop::Now, ends),
                },
                Some(question) = ends.questions.recv() => self.answer(question, ends),
                () = self.examination.due() => self.examination.look(),
                () = reached(deadline) => if self.ended.is_none() {
                    self.stop(Ending::TimeUp, Stop::Graceful, ends);
                } else {
                    self.give_up();
                    break;
                },
            }
        }
        self.finish(ends).await;
    }

    /// Time since the start; it stands still when all users are gone.
    fn now(&self) -> Duration {
        self.over.map_or_else(|| self.origin.elapsed(), |(_, after)| after)
    }

    /// Deals the users that the plans want, and tells the shards.
    fn deal(&mut self) {
        self.crowds.deal(self.now());
        self.fleet.set(&self.crowds);
    }

    fn answer(&mut self, question: Question, ends: &Ends) {
        match question {
            Question::History(question) => question.answer(&self.history.entries),
            Question::Histograms(answer) => drop(answer.send(self.last(ends))),
        }
    }

    fn obey(&mut self, order: Order, ends: &Ends) {
        let done = match order.command {
            Command::Load(load) => {
                self.change(&load).map(|()| self.history.marks.load(self.now(), &load))
            }
            Command::Stop(how) => {
                self.stop(Ending::Asked, how, ends);
                Ok(())
            }
            Command::Reset => {
                self.reset();
                Ok(())
            }
            Command::Mark(text) => self.history.note(self.now(), &text),
            Command::Observed(observation) => {
                self.history.observe(observation, &self.measured_s());
                Ok(())
            }
            Command::Start(_) => Err("a run goes on: stop it before you start another".to_owned()),
        };
        ends.answer(order.answer, done);
    }

    fn change(&mut self, load: &Load) -> Result<(), String> {
        self.crowds.change(load, self.now())?;
        self.load = load.clone();
        self.spawned = false;
        self.deal();
        Ok(())
    }

    fn reset(&mut self) {
        self.history.reset(self.now());
        self.begin_figures();
    }

    /// Forgets all figures so far, but the history.
    fn begin_figures(&mut self) {
        self.fleet.tell(&ToShard::Reset);
        self.ledger.reset();
        self.examination.reset();
        self.thresholds.reset();
        self.history.marks.begin_figures();
        self.ledger.add(&self.failed_listeners);
        self.measured_from = self.now().max(warmed_up(&self.spec));
    }

    fn stop(&mut self, why: Ending, how: Stop, ends: &Ends) {
        let cut_at = match how {
            Stop::Graceful => Instant::now() + self.spec.stop_timeout,
            Stop::Now => Instant::now(),
        };
        self.fleet.tell(&ToShard::Stop(cut_at));
        match &mut self.ended {
            Some(ended) => ended.cut_at = ended.cut_at.min(cut_at),
            None => {
                let _ = ends.events.send(Event::Stopping { why: why.clone() });
                drop(self.events.tell(&Happening::Stopping(why.clone())));
                let at = self.origin.elapsed();
                self.history.marks.stopping(at, &why.to_string());
                self.ended = Some(Ended { why, at, cut_at });
            }
        }
    }

    /// Takes in what a shard tells.
    fn hear(&mut self, report: Figures, ends: &Ends) {
        // The history has the warm-up, the figures don't.
        if self.counts(report.second) {
            self.ledger.add_second(report.second, &report.delta);
        }
        self.attendance.hear(&report.users);
        if self.ended.is_none()
            && let Some(why) =
                self.attendance.could_not_start(&report.users, &self.spec, &self.crowds, self.now())
        {
            self.stop(why, Stop::Graceful, ends);
        }
        for second in self.seconds.add(report) {
            self.close(&second, ends);
        }
    }

    /// Whether a second comes after the warm-up.
    fn counts(&self, second: u64) -> bool {
        Duration::from_secs(second) >= warmed_up(&self.spec)
    }

    /// Closes a second that all shards have reported.
    fn close(&mut self, second: &Second, ends: &Ends) {
        let doubt = self.take_in(second);
        self.note_listeners();
        self.search_on(second, doubt, ends);
        if self.ended.is_none()
            && let Some(threshold) = self.thresholds.aborting().map(ToString::to_string)
        {
            self.stop(Ending::Threshold { threshold }, Stop::Graceful, ends);
        }
        let now = self.now();
        let started = second.running() + second.ended();
        let all = self.crowds.full(now).filter(|all| started >= *all);
        if let Some(users) = all.filter(|_| !self.spawned && self.ended.is_none()) {
            self.spawned = true;
            let all = match users {
                0 => "the whole load is there".to_owned(),
                users => format!("all {users} users are running"),
            };
            self.history.marks.add(now, MarkKind::SpawningComplete, all);
            let _ = ends.events.send(Event::SpawningComplete { users });
            drop(self.events.tell(&Happening::SpawningComplete(users)));
        }
        let over = if self.iterations.are_used_up() {
            Some(Ending::IterationsDone)
        } else {
            self.crowds.are_over(second.ended(), now).then_some(Ending::UsersEnded)
        };
        if let Some(why) = over.filter(|_| self.ended.is_none() && second.users() == 0) {
            self.stop(why, Stop::Graceful, ends);
        }
        self.steady =
            self.crowds.is_level(now) && (self.spawned || started >= self.crowds.target(now));
        let state = match (&self.ended, self.steady) {
            (Some(_), _) => RunState::Stopping,
            (None, true) => RunState::Running,
            (None, false) => RunState::Spawning,
        };
        let presence = second.presence(self.crowds.target(now));
        let report = Some(Arc::new(self.report(false)));
        self.publish(state, presence, ends, report);
    }

    /// Goes on with the search for a limit, if there is one.
    fn search_on(&mut self, second: &Second, doubt: Option<String>, ends: &Ends) {
        let Some(search) = self.search.as_mut().filter(|_| self.ended.is_none()) else { return };
        let wanted = self.crowds.target(self.origin.elapsed());
        let next = search.close(second, second.running() >= wanted, doubt);
        let Capacity { unit, levels, .. } = search.capacity();
        self.history.marks.search(self.origin.elapsed(), unit, &levels, &next);
        match next {
            Next::GoOn => {}
            Next::Load(load) => {
                if let Err(why) = self.change(&load) {
                    let _ = ends.events.send(Event::Refused(why));
                }
            }
            Next::Confirm => self.begin_figures(),
            Next::End => self.stop(Ending::SearchOver, Stop::Graceful, ends),
        }
    }

    /// Takes in a second for the history and the thresholds. Returns what speaks against it.
    fn take_in(&mut self, second: &Second) -> Option<String> {
        self.attendance.take_in(second);
        let presence = second.presence(self.crowds.target(self.now()));
        let span = second.span(self.origin);
        let p95 = self.history.push(second, presence, span);
        let is_measured = self.counts(second.number);
        if is_measured {
            self.ledger.close_second(second.number, &second.delta, span);
        }
        let doubt = self.examination.close(second, p95, is_measured && self.ended.is_none());
        let phase = match &self.ended {
            Some(ended) if second.end() > ended.at => Phase::Stopping,
            _ if self.steady && is_measured => Phase::Steady,
            _ => Phase::Ramp,
        };
        // The time of a warm-up passes, but with nothing in it.
        let delta = if is_measured { &second.delta } else { &Delta::default() };
        self.thresholds.add(second.number, delta, phase, self.measured());
        self.history.marks.thresholds(second.end(), &self.thresholds.entries());
        doubt
    }

    /// How long was measured: what rates are over.
    fn measured(&self) -> Duration {
        let until = self.ended.as_ref().map_or_else(|| self.now(), |ended| ended.at);
        until.saturating_sub(self.measured_from)
    }

    /// From when to when that is, in seconds since the start; what is observed then is in the figures.
    fn measured_s(&self) -> Range<f64> {
        let until = self.ended.as_ref().map_or(f64::INFINITY, |ended| ended.at.as_secs_f64());
        self.measured_from.as_secs_f64()..until
    }

    /// Shows everybody how far it is.
    fn publish(
        &self,
        state: RunState,
        presence: Presence,
        ends: &Ends,
        report: Option<Arc<Report>>,
    ) {
        let snapshot = Snapshot {
            run: ends.run,
            state,
            elapsed: self.now(),
            users: presence.users,
            wanted: presence.wanted,
            rate: self.crowds.rate(self.now()),
            in_flight: presence.in_flight,
            load: Some(self.load.clone()),
            why: self.ended.as_ref().map(|ended| ended.why.clone()),
            vitals: self.examination.vitals(),
            report,
            histograms: (state == RunState::Stopped).then(|| Arc::new(self.ledger.histograms())),
        };
        ends.snapshots.send_replace(Arc::new(snapshot));
    }

    /// The latest snapshot, with these figures of now and with histograms.
    fn last(&mut self, ends: &Ends) -> Arc<Snapshot> {
        let latest = Snapshot::clone(&ends.snapshots.borrow());
        let (elapsed, histograms) = (self.now(), self.ledger.histograms());
        let (report, histograms) = (Some(Arc::new(self.report(false))), Some(Arc::new(histograms)));
        Arc::new(Snapshot { elapsed, report, histograms, ..latest })
    }

    /// A shard whose thread is blocked can't report any more.
    fn give_up(&mut self) {
        let silent = self.seconds.unfinished();
        let task = self.examination.blocking().unwrap_or_else(|| "a task".to_owned());
        self.missing.push(format!(
            "{silent} of {} shards did not end: {task} blocks its thread; their last figures are missing",
            self.fleet.size(),
        ));
    }

    /// Takes in what went wrong with listeners.
    fn note_listeners(&mut self) {
        let failed = self.events.drain();
        self.ledger.add(&failed);
        self.failed_listeners.merge(&failed);
    }

    async fn finish(mut self, ends: &mut Ends) {
        for second in self.seconds.rest() {
            self.take_in(&second);
        }
        self.attendance.end();
        if self.seconds.unfinished() == 0 {
            // A shard that hangs would keep it open for ever.
            self.log_gap = self.log.take().and_then(RequestLog::finish);
        }
        self.over = Some((Timestamp::now(), self.now()));
        let _ = ends.events.send(Event::UsersGone);
        if self.history.is_observed() {
            let last = self.last(ends);
            let came = self.history.last_observed(ends, &self.measured_s(), &last).await;
            came.into_iter().for_each(|order| self.obey(order, ends));
        }
        self.history.observed.end();
        let last = self.last(ends);
        let over: Vec<_> = last.report.clone().map(Happening::TestStop).into_iter().collect();
        let answer = |asked: Question| asked.answer(&self.history.entries, &last);
        let late = self.events.tell_and_wait(&over, self.spec.stop_timeout, ends, answer).await;
        late.into_iter().for_each(|order| self.obey(order, ends));
        self.note_listeners();
        let report = Arc::new(self.report(true));
        let nobody = Presence { wanted: self.crowds.target(self.now()), ..Presence::default() };
        self.publish(RunState::Stopped, nobody, ends, Some(Arc::clone(&report)));
        let why = self.ended.map_or(Ending::Asked, |ended| ended.why);
        let _ = ends.events.send(Event::Ended { why, report });
    }

    /// The figures so far.
    fn report(&mut self, histograms: bool) -> Report {
        let marks = self.history.marks.until(self.now());
        let measured = self.measured();
        let mut summary = self.ledger.summary(measured, histograms);
        for row in summary.requests.iter_mut().filter(|_| histograms) {
            row.history = self.history.entries.whole(row.kind, &row.method, &row.name);
        }
        let ending = self.ended.as_ref().map_or(Ending::Asked, |ended| ended.why.clone());
        let trust = self.examination.verdict(&summary, &self.missing);
        let evidence = Evidence {
            search: self.search.as_ref().map(LimitSearch::answer),
            missing: self.log_gap.clone().into_iter().collect(),
            ..evidence(&self.spec, ending, &summary, &self.thresholds, trust)
        };
        Report {
            schema: Report::SCHEMA,
            swarm: env!("CARGO_PKG_VERSION").to_owned(),
            run: crate::report::Run {
                spec: (*self.spec).clone(),
                started_at: self.history.started_at,
                ended_at: self.over.map_or_else(Timestamp::now, |(at, _)| at),
                measured_from_s: self.measured_from.as_secs_f64(),
                duration_s: measured.as_secs_f64(),
            },
            outcome: Outcome::of(&evidence),
            thresholds: self.thresholds.entries(),
            capacity: self.search.as_ref().map(LimitSearch::capacity),
            totals: summary.totals,
            requests: summary.requests,
            wire: summary.wire,
            tasks: summary.tasks,
            classes: self.attendance.entries(
                &self.spec,
                &self.crowds,
                (self.now(), self.ended.as_ref().map(|ended| ended.at)),
                |class| self.ledger.of_class(class, measured),
            ),
            failures: summary.failures,
            slowest: summary.slowest,
            exceptions: summary.exceptions,
            metrics: summary.metrics,
            history: self.history.timeline.points().to_vec(),
            observed: self.history.observed.series(),
            marks,
        }
    }
}

/// When the warm-up is over: at the end of a second, because shards hand over their figures then.
fn warmed_up(spec: &RunSpec) -> Duration {
    Duration::from_secs(spec.warmup.as_secs_f64().ceil() as u64)
}
