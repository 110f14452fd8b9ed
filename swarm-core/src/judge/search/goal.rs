//! What is searched for, and within which bounds.

use super::second::{Counted, SearchSecond};
use crate::judge::figures::{Figures, Keys};
use crate::plan::{FindLimit, Unit};
use crate::stats::{Delta, RequestKey};
use crate::threshold::{Measure, Subject, Threshold};

/// What a level has to keep, and how far the search may go.
///
/// ```
/// use swarm_core::judge::search::Goal;
/// use swarm_core::plan::Unit;
/// use swarm_core::threshold::parse_list;
///
/// let goal = Goal::new(Unit::Rate, parse_list("p95 < 250ms, failures < 1%")?)?;
/// assert_eq!((goal.start, goal.precision, goal.most), (10.0, 0.05, f64::INFINITY));
/// let why = Goal::new(Unit::Rate, parse_list("rps > 200")?).unwrap_err();
/// assert_eq!(why, "`rps > 200`: a limit is searched by percentiles of response times and by failures");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Goal {
    /// What a level is.
    pub unit: Unit,
    /// What it has to keep: percentiles of response times, and failures.
    pub criteria: Vec<Threshold>,
    /// The first level; 10 iterations per second, or one user.
    pub start: f64,
    /// How far apart the level that held and the one that failed may be at the end, as a share; 0.05.
    pub precision: f64,
    /// No level is above this; `max_rate`, or `max_users`.
    pub most: f64,
}

impl Goal {
    /// A goal with the usual start and precision, and no upper bound.
    ///
    /// # Errors
    ///
    /// Criteria that are not shares, or none at all.
    pub fn new(unit: Unit, criteria: Vec<Threshold>) -> Result<Self, String> {
        if criteria.is_empty() {
            return Err("a limit needs a criterion: `p95 < 250ms`".to_owned());
        }
        for criterion in &criteria {
            let share = matches!(criterion.measure, Measure::Percentile(_) | Measure::Failures);
            let why = match (share && criterion.is_from_above(), criterion.over, criterion.abort) {
                (false, ..) => {
                    "a limit is searched by percentiles of response times and by failures"
                }
                (true, Some(_), _) | (true, _, true) => {
                    "a search has its own times: leave out `over` and `abort`"
                }
                (true, None, false) => continue,
            };
            return Err(format!("`{criterion}`: {why}"));
        }
        let start = if unit == Unit::Rate { 10.0 } else { 1.0 };
        Ok(Self { unit, criteria, start, precision: 0.05, most: f64::INFINITY })
    }

    /// That of a run, which may have so many users.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new); a precision or a highest rate that is not positive.
    pub fn of(find: &FindLimit, max_users: u32) -> Result<Self, String> {
        let goal = Self::new(find.unit, find.criteria.clone())?;
        let most = match find.unit {
            Unit::Rate => find.max_rate.unwrap_or(f64::INFINITY),
            Unit::Users => max_users.into(),
        };
        for (name, value) in [("precision", find.precision), ("highest rate", most)] {
            if value.is_nan() || value <= 0.0 {
                return Err(format!("{name} {value}: write a positive number"));
            }
        }
        Ok(Self { precision: find.precision, most, start: goal.start.min(most), ..goal })
    }

    /// The figures of a second, as far as they are counted; the rest is for who drives the load to say: `SearchSecond { in_flight, ..goal.second(&delta) }`.
    #[must_use]
    pub fn second(&self, delta: &Delta) -> SearchSecond {
        let mut second = SearchSecond::default();
        for counts in delta.tasks.values() {
            second.iterations += counts.duration.count() + counts.failed.count();
        }
        for (key, counts) in &delta.requests {
            let mut figures = Figures::default();
            figures.add_requests(counts);
            let of_it = |criterion: &Threshold| match judges(&criterion.subject, key) {
                true => counted(criterion, &figures),
                false => Counted::default(),
            };
            second.requests.insert(key.clone(), self.criteria.iter().map(of_it).collect());
            if key.kind.is_in_totals() {
                second.times.merge(&counts.ok);
                second.times.merge(&counts.failed);
                second.failures += counts.failed.count();
            }
        }
        let of_all = |criterion: &Threshold| {
            counted(criterion, &Keys::of(&criterion.subject, false).figures(delta))
        };
        second.counts = self.criteria.iter().map(of_all).collect();
        second
    }

    /// For each criterion, the share that may be over it.
    pub(super) fn allowed(&self) -> Vec<f64> {
        let share = |criterion: &Threshold| match criterion.measure {
            // Rounded, because 1 - 0.95 is a little more than 0.05.
            Measure::Percentile(percent) => ((100.0 - percent) * 1e6).round() / 1e8,
            _ => criterion.bound / 100.0,
        };
        self.criteria.iter().map(share).collect()
    }

    /// The longest bound of a response time, in seconds, of those that all requests have to keep.
    pub(super) fn bound_s(&self) -> Option<f64> {
        let of_all = self.criteria.iter().filter(|criterion| criterion.subject == Subject::All);
        of_all
            .filter(|criterion| matches!(criterion.measure, Measure::Percentile(_)))
            .map(|criterion| criterion.bound / 1_000.0)
            .max_by(f64::total_cmp)
    }

    /// A level that can be held: whole users, rates of four digits, within the bounds.
    pub(super) fn level(&self, wanted: f64) -> f64 {
        let rounded = match self.unit {
            Unit::Users => wanted.round().max(1.0),
            Unit::Rate => {
                let scale = 10_f64.powf(3.0 - wanted.log10().floor());
                (wanted * scale).round() / scale
            }
        };
        rounded.min(self.most)
    }

    /// The lowest level that is tried.
    pub(super) fn least(&self) -> f64 {
        if self.unit == Unit::Users { 1.0 } else { 0.1 }
    }
}

fn counted(criterion: &Threshold, figures: &Figures) -> Counted {
    let [over, of] = figures.over(criterion).unwrap_or_default();
    Counted { over, of }
}

/// Whether a request is judged by this subject.
fn judges(subject: &Subject, key: &RequestKey) -> bool {
    match subject {
        Subject::All => key.kind.is_in_totals(),
        Subject::Request { method, name } => *method == *key.method && *name == *key.name,
        Subject::Task { .. } | Subject::Class(_) => false,
    }
}
