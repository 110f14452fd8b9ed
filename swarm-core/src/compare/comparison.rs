//! The comparison as a whole.

use super::change::{Chance, Change, Verdict};
use super::estimate::{Estimate, Reading, mean, together};
use super::fit::misfits;
use super::observed::{MEASURES, Observed};
use crate::judge::exit_code;
use crate::report::Report;
use crate::stats::{Batches, Kind, RequestEntry};
use indexmap::IndexMap;
use serde::Serialize;

/// With so many runs of each side nothing has to be assumed of what differs between runs.
pub const ENOUGH_RUNS: usize = 5;
/// Fewer requests of an entry in a run say nothing of its percentiles.
const LEAST_REQUESTS: u64 = 100;

/// Runs before and runs after, compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Comparison {
    /// How many runs there are of each side.
    pub runs: [usize; 2],
    /// Differences that are not larger than this are none, in percent.
    pub margin: f64,
    /// Whether there are too few runs to tell what differs between runs anyway.
    pub indicative: bool,
    /// Why the runs can't be compared, if so; there are no entries then.
    pub not_comparable: Vec<String>,
    /// All requests together.
    pub all: Option<Compared>,
    /// Requests by kind, name and method.
    pub entries: Vec<Compared>,
}

/// What became of an entry of requests, or of all.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Compared {
    /// What sort of request; null for all.
    pub kind: Option<Kind>,
    /// `GET`, `POST`, …; nothing for all.
    pub method: String,
    /// What it is reported as; nothing for all.
    pub name: String,
    /// Worse if any measure is, else better if any is.
    pub verdict: Verdict,
    /// Why it is not comparable, if so.
    pub why: Option<String>,
    /// Its measures, as far as they are comparable.
    pub changes: Vec<Change>,
}

/// The figures of one entry, in each run of each side.
type Sides = [Vec<Observed>; 2];

/// Compares runs. The margin is a share: 0.05 for 5 %. Hosts must be the same, if not said otherwise; on this machine, but for their ports.
///
/// ```
/// use swarm_core::compare::compare;
///
/// let comparison = compare(&[], &[], 0.05, false);
/// assert_eq!(comparison.not_comparable, ["there is no run of one side"]);
/// assert_eq!(comparison.exit_code(), 2);
/// ```
#[must_use]
pub fn compare(before: &[Report], after: &[Report], margin: f64, any_host: bool) -> Comparison {
    let runs = [before.len(), after.len()];
    let reports: Vec<&Report> = before.iter().chain(after).collect();
    let mut comparison = Comparison {
        runs,
        margin: margin * 100.0,
        indicative: runs.into_iter().any(|runs| runs < ENOUGH_RUNS),
        not_comparable: misfits(&reports, any_host),
        all: None,
        entries: Vec::new(),
    };
    if runs.contains(&0) {
        comparison.not_comparable.push("there is no run of one side".to_owned());
    }
    if !comparison.not_comparable.is_empty() {
        return comparison;
    }
    let (keys, mut rows): (Vec<_>, Vec<_>) = entries(before, after).into_iter().unzip();
    rows.push([before, after].map(|side| side.iter().map(observed_in_all).collect()));
    let mut compared = judge(&rows, runs, margin);
    comparison.all = compared.pop();
    comparison.entries = compared;
    for (entry, (kind, name, method)) in comparison.entries.iter_mut().zip(keys) {
        (entry.kind, entry.name, entry.method) = (Some(kind), name, method);
    }
    comparison
}

impl Comparison {
    /// The exit code: 3 if anything is worse, as if a threshold had failed; 2 if the runs can't be compared; 0 otherwise.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        let is_worse = |compared: &Compared| compared.verdict == Verdict::Worse;
        if !self.not_comparable.is_empty() {
            exit_code::USAGE
        } else if self.all.iter().chain(&self.entries).any(is_worse) {
            exit_code::THRESHOLD
        } else {
            exit_code::PASSED
        }
    }
}

/// The entries of all runs, in the order of results.
fn entries(before: &[Report], after: &[Report]) -> IndexMap<(Kind, String, String), Sides> {
    let mut entries: IndexMap<_, Sides> = IndexMap::new();
    for (side, reports) in [before, after].into_iter().enumerate() {
        for report in reports {
            for RequestEntry { kind, method, name, totals, batches, .. } in &report.requests {
                let row = entries.entry((*kind, name.clone(), method.clone())).or_default();
                row[side].push(Observed::of(totals, batches.as_ref(), report.run.duration_s));
            }
        }
    }
    entries.sort_keys();
    entries
}

/// All requests of a run; their batches are the sums of the entries'.
fn observed_in_all(report: &Report) -> Observed {
    let counted =
        |kind: Kind| kind.is_in_totals() || (report.run.spec.count_logins && kind == Kind::Auth);
    let entries = report.requests.iter().filter(|entry| counted(entry.kind));
    let batches: Vec<&Batches> = entries.filter_map(|entry| entry.batches.as_ref()).collect();
    Observed::of(&report.totals, Batches::sum(&batches).as_ref(), report.run.duration_s)
}

/// Judges all rows together.
pub(super) fn judge(rows: &[Sides], runs: [usize; 2], margin: f64) -> Vec<Compared> {
    let few = runs.into_iter().any(|runs| runs < ENOUGH_RUNS);
    let mut estimates = Vec::new();
    for (row, sides) in rows.iter().enumerate().filter(|(_, sides)| misfit(sides, runs).is_none()) {
        for measure in 0..MEASURES.len() {
            let [before, after] = [0, 1].map(|side| readings(&sides[side], measure));
            if let (Some(before), Some(after)) = (before, after)
                && let Some(estimate) = Estimate::of(&before, &after, few)
            {
                let from = mean(before.iter().map(|reading| reading.value));
                estimates.push((row, measure, from, estimate));
            }
        }
    }
    let chances: Vec<f64> = estimates.iter().map(|(.., estimate)| estimate.chance()).collect();
    let mut compared: Vec<Compared> =
        rows.iter().map(|sides| Compared::empty(sides, runs)).collect();
    for ((row, measure, from, estimate), of_all) in estimates.iter().zip(together(&chances)) {
        let chance = Chance { margin, of_all, comparisons: chances.len() };
        compared[*row].add(Change::new(*measure, estimate, *from, chance));
    }
    compared
}

/// One measure in all runs of a side, if all have it.
fn readings(side: &[Observed], measure: usize) -> Option<Vec<Reading>> {
    side.iter().map(|observed| observed.readings[measure]).collect()
}

/// Why an entry can't be compared, if so.
fn misfit(sides: &Sides, runs: [usize; 2]) -> Option<String> {
    let missing = [0, 1].map(|side| sides[side].len() < runs[side]);
    let why = match missing {
        [true, true] => "only some runs have it",
        [true, false] => "not all runs before have it",
        [false, true] => "not all runs after have it",
        [false, false] => {
            let few = sides.iter().flatten().map(|observed| observed.requests).min()?;
            return (few < LEAST_REQUESTS).then(|| {
                format!("a run has only {few} requests of it: {LEAST_REQUESTS} are needed")
            });
        }
    };
    Some(why.to_owned())
}

impl Compared {
    fn empty(sides: &Sides, runs: [usize; 2]) -> Self {
        let why = misfit(sides, runs)
            .or_else(|| Some("the runs are too short to tell how much they vary".to_owned()));
        Self {
            kind: None,
            method: String::new(),
            name: String::new(),
            verdict: Verdict::NotComparable,
            why,
            changes: Vec::new(),
        }
    }

    fn add(&mut self, change: Change) {
        self.verdict = match (self.verdict, change.verdict) {
            (Verdict::Worse, _) | (_, Verdict::Worse) => Verdict::Worse,
            (Verdict::Better, _) | (_, Verdict::Better) => Verdict::Better,
            _ => Verdict::NoDifference,
        };
        self.why = None;
        self.changes.push(change);
    }
}
