//! The search itself: which level comes next.

use super::capacity::{Capacity, LevelEntry, LimitedBy};
use super::goal::Goal;
use super::hold::{Hold, Purpose, Verdict};
use super::interval::interval;
use super::second::SearchSecond;
use super::sums::Usual;
use crate::plan::Unit;

/// For so many seconds the target may take to recover from a level that failed.
const RECOVERY_S: u32 = 60;
/// How often a level that is to be the answer may fail before the target counts as unstable.
const MOST_TRIES: u32 = 9;
/// The first so many steps down are half the precision wide.
const SMALL_STEPS: u32 = 3;

/// What to do until the next second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// Go on.
    Hold,
    /// Change the load to this level.
    Set(f64),
    /// Stop: the search is over.
    Done,
}

/// The search for a limit.
///
/// ```
/// use swarm_core::judge::search::{Counted, Goal, Search, SearchSecond, Step};
/// use swarm_core::plan::Unit;
/// use swarm_core::threshold::parse_list;
///
/// let goal = Goal::new(Unit::Rate, parse_list("failures < 1%")?)?;
/// let mut search = Search::new(Goal { most: 40.0, ..goal });
/// let mut rate = search.start();
/// loop {
///     // A target for which 40/s is no trouble.
///     let counts = vec![Counted { over: 0, of: rate as u64 }];
///     let second = SearchSecond { reached: true, counts, ..SearchSecond::default() };
///     match search.add(&second) {
///         Step::Hold => {}
///         Step::Set(next) => rate = next,
///         Step::Done => break,
///     }
/// }
/// assert_eq!(search.capacity().bracket, [Some(40.0), None]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Search {
    goal: Goal,
    state: State,
    held: Vec<Held>,
    /// The highest level that the search may take for held, and the lowest for failed.
    low: Option<f64>,
    high: Option<f64>,
    confirmed: Option<f64>,
    /// How often a level that was to be the answer failed.
    tries: u32,
    /// Whether a level was held again, because the generator was to blame.
    again: bool,
    /// Iterations in flight when the last level that held was over.
    calm: u64,
    usual: Option<Usual>,
    note: Option<String>,
}

/// A level that was judged.
#[derive(Debug, Clone)]
struct Held {
    hold: Hold,
    entry: LevelEntry,
    /// Why the search did not go on upwards, if so.
    failed: Option<(LimitedBy, Option<String>)>,
    broke_first: Option<String>,
}

impl Held {
    fn new(mut hold: Hold, verdict: Verdict) -> Self {
        let broke_first = hold.broke_first();
        let failed = match verdict {
            Verdict::Held => None,
            Verdict::Failed(by, why) => Some((by, why)),
        };
        let passed = failed.is_none() && hold.keeps_criteria();
        Self { entry: hold.sums.entry(hold.offered, passed), hold, failed, broke_first }
    }
}

#[derive(Debug, Clone)]
enum State {
    Holding(Hold),
    /// The load is low, until what is in flight is back at its earlier value.
    Resting {
        next: Hold,
        waited_s: u32,
    },
    Over,
}

impl Search {
    /// A search that begins.
    #[must_use]
    pub fn new(goal: Goal) -> Self {
        let first = Hold::new(&goal, goal.level(goal.start), Purpose::Up, None);
        Self {
            goal,
            state: State::Holding(first),
            held: Vec::new(),
            low: None,
            high: None,
            confirmed: None,
            tries: 0,
            again: false,
            calm: 0,
            usual: None,
            note: None,
        }
    }

    /// The first level.
    #[must_use]
    pub fn start(&self) -> f64 {
        self.goal.level(self.goal.start)
    }

    /// Whether the seconds that come count for the level that is to be the answer. Only its figures are the result's.
    #[must_use]
    pub fn is_confirming(&self) -> bool {
        matches!(&self.state, State::Holding(hold) if hold.purpose == Purpose::Confirm && hold.is_measured())
    }

    /// Takes in the figures of a second, in order, and says what to do.
    pub fn add(&mut self, second: &SearchSecond) -> Step {
        match std::mem::replace(&mut self.state, State::Over) {
            State::Over => Step::Done,
            State::Holding(mut hold) => match hold.add(second) {
                Some(verdict) => self.close(hold, verdict, second.in_flight),
                None => {
                    self.state = State::Holding(hold);
                    Step::Hold
                }
            },
            State::Resting { next, .. } if second.reached && second.in_flight <= self.calm => {
                self.hold(next)
            }
            State::Resting { waited_s, .. } if waited_s >= RECOVERY_S => {
                let why = "the target did not recover from the level that failed";
                self.stop(Some(format!("{why} within {RECOVERY_S}s")))
            }
            State::Resting { next, waited_s } => {
                self.state = State::Resting { next, waited_s: waited_s + 1 };
                Step::Hold
            }
        }
    }

    /// Goes on from a level that was judged.
    fn close(&mut self, hold: Hold, verdict: Verdict, in_flight: u64) -> Step {
        let (offered, purpose) = (hold.offered, hold.purpose);
        let held = verdict == Verdict::Held;
        if held {
            self.calm = in_flight.max(1);
            self.usual = hold.sums.usual().or(self.usual);
            self.low = Some(offered);
        } else {
            self.calm = self.calm.max(1);
            let generator = matches!(verdict, Verdict::Failed(LimitedBy::Generator, _));
            if generator && !std::mem::replace(&mut self.again, true) {
                // It may have been a disturbance that is over.
                return self.rest(offered, purpose);
            }
            self.high = Some(offered);
        }
        self.held.push(Held::new(hold, verdict));
        match (purpose, held) {
            (Purpose::Confirm, true) => {
                self.confirmed = Some(offered);
                self.stop(None)
            }
            (Purpose::Confirm, false) => self.step_down(offered),
            _ => self.narrow(),
        }
    }

    /// Upwards while nothing failed; then between.
    fn narrow(&mut self) -> Step {
        let (low, high) = match (self.low, self.high) {
            (Some(low), None) if low >= self.goal.most => return self.next(low, Purpose::Confirm),
            (Some(low), None) => return self.next(2.0 * low, Purpose::Up),
            (None, Some(high)) if high <= self.goal.least() => return self.stop(None),
            (None, Some(high)) => {
                return self.next((high / 4.0).max(self.goal.least()), Purpose::Up);
            }
            (Some(low), Some(high)) => (low, high),
            (None, None) => return Step::Hold,
        };
        let middle = self.goal.level((low * high).sqrt());
        let near = high / low <= 1.0 + self.goal.precision / 2.0;
        if near || middle <= low || middle >= high {
            self.next(low, Purpose::Confirm)
        } else {
            self.next(middle, Purpose::Between)
        }
    }

    /// The level that was to be the answer failed: the next lower one may be.
    fn step_down(&mut self, failed: f64) -> Step {
        self.tries += 1;
        if self.tries >= MOST_TRIES {
            let why = "the target is unstable: what held briefly did not hold for longer";
            return self.stop(Some(why.to_owned()));
        }
        let steps = if self.tries <= SMALL_STEPS { 0.5 } else { 1.0 };
        let mut lower = self.goal.level(failed / (1.0 + steps * self.goal.precision));
        if self.goal.unit == Unit::Users {
            lower = lower.min(failed - 1.0);
        }
        if lower < self.goal.least() {
            return self.stop(None);
        }
        self.next(lower, Purpose::Confirm)
    }

    fn next(&mut self, level: f64, purpose: Purpose) -> Step {
        let failed = self.held.last().is_some_and(|held| held.failed.is_some());
        let level = self.goal.level(level);
        if failed {
            self.rest(level, purpose)
        } else {
            self.hold(Hold::new(&self.goal, level, purpose, self.usual))
        }
    }

    fn hold(&mut self, next: Hold) -> Step {
        let level = next.offered;
        self.state = State::Holding(next);
        Step::Set(level)
    }

    /// Lets the target recover at the lowest load, before the next level.
    fn rest(&mut self, level: f64, purpose: Purpose) -> Step {
        let next = Hold::new(&self.goal, level, purpose, self.usual);
        self.state = State::Resting { next, waited_s: 0 };
        let calm = if self.low.is_some() { self.start() } else { self.goal.least() };
        Step::Set(calm.min(level))
    }

    fn stop(&mut self, note: Option<String>) -> Step {
        self.note = note;
        self.state = State::Over;
        Step::Done
    }

    /// What is known so far.
    #[must_use]
    pub fn capacity(&self) -> Capacity {
        let bracket = self.bracket();
        let broken = bracket[1].and_then(|high| {
            self.held.iter().rfind(|held| held.entry.offered == high && !held.entry.passed)
        });
        let (mut limited_by, mut note) = (None, self.note.clone());
        if let Some(broken) = broken {
            // One that was let pass on the way, without keeping its criteria, was the target's too.
            let (by, why) = broken.failed.clone().unwrap_or((LimitedBy::Target, None));
            limited_by = Some(by);
            note = note.or(why);
        } else if bracket[0].is_some_and(|low| low >= self.goal.most) {
            limited_by = Some(match self.goal.unit {
                Unit::Rate => LimitedBy::MaxRate,
                Unit::Users => LimitedBy::MaxUsers,
            });
        }
        if !matches!(self.state, State::Over) {
            note = Some("the search was ended early".to_owned());
        }
        let ends = self.confirmed.and(bracket[0].zip(bracket[1]));
        let ends = ends.filter(|_| limited_by == Some(LimitedBy::Target));
        let interval = ends.and_then(|(low, high)| {
            let levels = self.held.iter().map(|held| &held.hold);
            interval(levels, &self.goal.allowed(), [low, high], self.goal.precision)
        });
        Capacity {
            unit: self.goal.unit,
            bracket,
            interval,
            limited_by,
            broke_first: broken.and_then(|held| held.broke_first.clone()),
            knee: self.knee(),
            levels: self.held.iter().map(|held| held.entry.clone()).collect(),
            note,
        }
    }

    /// The highest level that passed and the lowest above it that failed; while nothing is confirmed, the highest below all that failed.
    fn bracket(&self) -> [Option<f64>; 2] {
        let with = |passed: bool| {
            let entries = self.held.iter().map(|held| &held.entry);
            entries.filter(move |entry| entry.passed == passed).map(|entry| entry.offered)
        };
        let above = self.confirmed.unwrap_or(0.0);
        let high = with(false).filter(|level| *level > above).min_by(f64::total_cmp);
        let below = high.unwrap_or(f64::INFINITY);
        let low = with(true).filter(|level| *level < below).max_by(f64::total_cmp);
        [self.confirmed.or(low), high]
    }

    fn knee(&self) -> Option<f64> {
        let powers =
            self.held.iter().filter_map(|held| Some((held.hold.offered, held.hold.sums.power()?)));
        powers.max_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(level, _)| level)
    }
}
