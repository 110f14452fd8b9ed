//! Whether thresholds hold: one evaluator for the console, the result and the exit code.

use super::figures::{Figures, Keys};
use crate::stats::{Delta, Kind};
use crate::threshold::{Measure, Subject, Threshold};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::time::Duration;

/// Fewer requests or runs in a window say nothing of their times or failures.
const LEAST_IN_WINDOW: u64 = 100;
/// For so many seconds running a threshold has to fail before it aborts the run.
pub const ABORT_AFTER_S: u64 = 10;

/// A threshold and how the run kept it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ThresholdEntry {
    /// The threshold, as its text.
    pub expression: Threshold,
    /// What it is judged by, of the whole run or of the worst window: milliseconds, percent, or per second. Null while there is nothing to judge.
    pub value: Option<f64>,
    /// The bound, in the same unit.
    pub bound: f64,
    /// Whether it holds, over a window: whether it always held. Without a value it does not.
    pub passed: bool,
    /// End of the second in which it first failed, in seconds since the start; null if it never did.
    pub first_failed_s: Option<u64>,
    /// For how many seconds it failed.
    pub failed_for_s: u64,
}

/// How far the run is at the end of a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Not all users that are wanted run yet. Windows wait for that.
    Ramp,
    /// All do.
    Steady,
    /// Users were told to stop. Windows stand still, and take in what was still under way.
    Stopping,
}

/// Judges thresholds while a run goes on, and at its end.
///
/// It is fed with each second, in order. It keeps the sum of what each threshold names, and of those with a window the seconds in it.
///
/// ```
/// use std::time::Duration;
/// use swarm_core::judge::{Phase, Thresholds};
/// use swarm_core::stats::Delta;
/// use swarm_core::threshold::parse_list;
///
/// let mut thresholds = Thresholds::new(&parse_list("p95 < 250ms")?, false);
/// thresholds.add(0, &Delta::default(), Phase::Steady, Duration::from_secs(1));
/// let entry = &thresholds.entries()[0];
/// assert_eq!((entry.value, entry.passed), (None, false), "no data does not pass");
/// assert_eq!(thresholds.failures(), ["p95 < 250ms: there was nothing to judge"]);
/// # Ok::<(), swarm_core::misread::Misread>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Thresholds {
    subjects: Vec<Judged>,
    rules: Vec<Rule>,
    with_logins: bool,
    /// Number of the first second without a ramp; windows begin there.
    steady_since: Option<u64>,
    /// Seconds so far.
    seconds: u64,
}

/// A subject's figures.
#[derive(Debug, Clone)]
struct Judged {
    subject: Subject,
    keys: Keys,
    all: Figures,
    /// Of the latest steady seconds, as many as the longest window has.
    latest: VecDeque<(u64, Figures)>,
    longest_window: u64,
}

/// A threshold and how it was kept so far.
#[derive(Debug, Clone)]
struct Rule {
    entry: ThresholdEntry,
    /// Where its subject stands.
    of: usize,
    /// Seconds running in which it failed, as far as they count for an abort.
    failing_for: u64,
}

impl Thresholds {
    /// Nothing was seen yet. Without a subject, requests of logins are judged too if the totals have them.
    #[must_use]
    pub fn new(thresholds: &[Threshold], with_logins: bool) -> Self {
        let mut new = Self { with_logins, ..Self::default() };
        thresholds.iter().for_each(|threshold| new.push(threshold));
        new
    }

    fn push(&mut self, threshold: &Threshold) {
        let known = self.subjects.iter().position(|known| known.subject == threshold.subject);
        let of = known.unwrap_or_else(|| {
            self.subjects.push(Judged::new(&threshold.subject, self.with_logins));
            self.subjects.len() - 1
        });
        let longest = &mut self.subjects[of].longest_window;
        *longest = threshold.over.map_or(0, |over| over.as_secs()).max(*longest);
        let entry = ThresholdEntry {
            expression: threshold.clone(),
            value: None,
            bound: threshold.bound,
            passed: false,
            first_failed_s: None,
            failed_for_s: 0,
        };
        self.rules.push(Rule { entry, of, failing_for: 0 });
    }

    /// Forgets all figures, but not the time.
    pub fn reset(&mut self) {
        let thresholds: Vec<_> =
            self.rules.iter().map(|rule| rule.entry.expression.clone()).collect();
        let seconds = self.seconds;
        *self = Self { seconds, ..Self::new(&thresholds, self.with_logins) };
    }

    /// Takes in the second with this number (from 0), and judges. Rates of the whole run are over the measured time.
    pub fn add(&mut self, number: u64, delta: &Delta, phase: Phase, measured: Duration) {
        // More than one if all shards were held up.
        let step = (number + 1).saturating_sub(self.seconds);
        self.seconds += step;
        match phase {
            Phase::Ramp => self.steady_since = None,
            Phase::Steady => drop(self.steady_since.get_or_insert(number)),
            Phase::Stopping => {}
        }
        for judged in &mut self.subjects {
            judged.add(number, delta, phase);
        }
        for rule in &mut self.rules {
            let (judged, threshold) = (&self.subjects[rule.of], &rule.entry.expression);
            let value = match (threshold.over, self.steady_since) {
                _ if judged.all.count() == 0 => None,
                (None, _) => judged.all.value(threshold, measured),
                // What still came to its end would count, but not the time that it took.
                (Some(_), _) if phase == Phase::Stopping && threshold.measure == Measure::Rps => {
                    None
                }
                (Some(over), Some(since)) => judged.in_window(threshold, over, since),
                (Some(_), None) => None,
            };
            rule.judge(value, phase, self.seconds, step);
        }
    }

    /// How all were kept so far, in their order.
    #[must_use]
    pub fn entries(&self) -> Vec<ThresholdEntry> {
        self.rules.iter().map(|rule| rule.entry.clone()).collect()
    }

    /// A threshold that has to end the run: it says `abort`, and has failed for [`ABORT_AFTER_S`].
    #[must_use]
    pub fn aborting(&self) -> Option<&Threshold> {
        self.rules.iter().find(|rule| rule.aborts()).map(|rule| &rule.entry.expression)
    }

    /// Why thresholds failed, one reason each.
    #[must_use]
    pub fn failures(&self) -> Vec<String> {
        let failed = self.rules.iter().filter(|rule| !rule.entry.passed);
        failed.map(|rule| format!("{}: {}", rule.entry.expression, self.reason(rule))).collect()
    }

    fn reason(&self, rule: &Rule) -> String {
        let Judged { subject, all, .. } = &self.subjects[rule.of];
        match (rule.entry.value, rule.entry.expression.over) {
            (Some(value), _) if rule.aborts() && rule.entry.expression.holds(value) => {
                format!("it failed for {ABORT_AFTER_S}s running")
            }
            (Some(_), None) => format!("it was {}", rule.entry.value_text()),
            (Some(_), Some(_)) => format!("it was {} at worst", rule.entry.value_text()),
            (None, _) if all.count() == 0 => match subject {
                Subject::All => "there was nothing to judge".to_owned(),
                named => format!("nothing was seen of `{named}`"),
            },
            (None, None) if rule.entry.expression.measure == Measure::Failures => {
                "nothing came to its end".to_owned()
            }
            (None, None) => "nothing succeeded, and what failed did so sooner".to_owned(),
            (None, Some(_)) => {
                format!("after the ramp no whole window had {LEAST_IN_WINDOW} to judge")
            }
        }
    }

    /// Whether failures of a request are judged by a threshold, which then decides about them.
    #[must_use]
    pub fn cover_request(&self, kind: Kind, method: &str, name: &str) -> bool {
        self.cover(|subject| match subject {
            Subject::All => kind.is_counted(self.with_logins),
            Subject::Request { method: of, name: known } => of == method && known == name,
            Subject::Task { .. } | Subject::Class(_) => false,
        })
    }

    /// Whether errors of a task are judged by a threshold, which then decides about them.
    #[must_use]
    pub fn cover_task(&self, class: &str, task: &str) -> bool {
        self.cover(|subject| match subject {
            Subject::Task { class: of, task: known } => of == class && known == task,
            // What comes before and after its tasks is no run, so it is not judged.
            Subject::Class(of) => {
                let last = task.rsplit("::").next().unwrap_or(task);
                of == class && !["setup", "on_start", "on_stop"].contains(&last)
            }
            Subject::All | Subject::Request { .. } => false,
        })
    }

    fn cover(&self, is_meant: impl Fn(&Subject) -> bool) -> bool {
        self.rules.iter().map(|rule| &rule.entry.expression).any(|threshold| {
            threshold.measure == Measure::Failures
                && threshold.is_from_above()
                && is_meant(&threshold.subject)
        })
    }
}

impl Judged {
    fn new(subject: &Subject, with_logins: bool) -> Self {
        Self {
            subject: subject.clone(),
            keys: Keys::of(subject, with_logins),
            all: Figures::default(),
            latest: VecDeque::new(),
            longest_window: 0,
        }
    }

    fn add(&mut self, number: u64, delta: &Delta, phase: Phase) {
        let figures = self.keys.figures(delta);
        self.all.add(&figures);
        match phase {
            _ if self.longest_window == 0 => {}
            Phase::Ramp => self.latest.clear(),
            Phase::Steady => {
                self.latest.push_back((number, figures));
                let first = (number + 1).saturating_sub(self.longest_window);
                self.latest.retain(|(number, _)| *number >= first);
            }
            Phase::Stopping => {
                if let Some((_, last)) = self.latest.back_mut() {
                    last.add(&figures);
                }
            }
        }
    }

    /// What a threshold is judged by in the window that ends with the latest second; none if that is not whole yet, or has too little in it.
    fn in_window(&self, threshold: &Threshold, over: Duration, since: u64) -> Option<f64> {
        let (latest, _) = self.latest.back()?;
        let first = (latest + 1).checked_sub(over.as_secs()).filter(|first| *first >= since)?;
        let mut window = Figures::default();
        let inside = self.latest.iter().filter(|(number, _)| *number >= first);
        inside.for_each(|(_, figures)| window.add(figures));
        let enough = threshold.measure == Measure::Rps || window.count() >= LEAST_IN_WINDOW;
        if enough { window.value(threshold, over) } else { None }
    }
}

impl Rule {
    /// Whether it has failed long enough to end the run. From then on it stays failed.
    fn aborts(&self) -> bool {
        self.entry.expression.abort && self.failing_for >= ABORT_AFTER_S
    }

    /// Takes in what it is judged by at the end of a second; `step` is how many seconds that stands for.
    fn judge(&mut self, value: Option<f64>, phase: Phase, at_s: u64, step: u64) {
        let Some(value) = value else { return };
        let ThresholdEntry { expression, value: known, .. } = &self.entry;
        let holds = expression.holds(value);
        let from_above = expression.is_from_above();
        let is_window = expression.over.is_some();
        let worse = if from_above { f64::max } else { f64::min };
        let value = known.filter(|_| is_window).map_or(value, |known| worse(known, value));
        self.entry.value = Some(value);
        if !holds {
            self.entry.first_failed_s.get_or_insert(at_s);
            self.entry.failed_for_s += if phase == Phase::Stopping { 0 } else { step };
        }
        // A ramp excuses what is too little, but not what is too much.
        let counts = phase == Phase::Steady || (phase == Phase::Ramp && from_above);
        if counts && !self.aborts() {
            self.failing_for = if holds { 0 } else { self.failing_for + step };
        }
        let failed_before = is_window && self.entry.first_failed_s.is_some();
        self.entry.passed = holds && !failed_before && !self.aborts();
    }
}

impl ThresholdEntry {
    /// The value with its unit, to four digits: `1.512s`, `0.25%`; `-` if there is none.
    #[must_use]
    pub fn value_text(&self) -> String {
        let Some(value) = self.value else { return "-".to_owned() };
        let digits = if value.abs() < 1e-3 { 6.0 } else { 3.0 - value.abs().log10().floor() };
        let scale = 10_f64.powf(digits);
        self.expression.measure.text((value * scale).round() / scale)
    }
}
