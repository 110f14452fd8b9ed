//! How the figures of requests went on through a run, in a few batches of time each: what tells how much they vary within a run.

use super::delta::{Delta, RequestCounts};
use super::keys::{Group, RequestKey};
use serde::{Deserialize, Serialize};

/// Most batches of a run. Twice as many would say little more, and a result may have thousands of names.
const MOST: u64 = 20;

/// Figures of one entry of requests, batch by batch: from 10 to 20 of equal length once a run has lasted that many seconds.
///
/// The last batch may be shorter than the others.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Batches {
    /// Length of each, in seconds.
    pub length_s: u64,
    /// Requests that ended, well or badly.
    pub requests: Vec<u64>,
    /// Those that ended badly.
    pub failures: Vec<u64>,
    /// Mean response time of those that ended well; null where there are none.
    pub ok_mean_ms: Vec<Option<f64>>,
}

impl Batches {
    /// The sum of several entries' batches; none if their lengths differ, or there are none.
    pub(crate) fn sum(rows: &[&Self]) -> Option<Self> {
        let length_s = rows.first()?.length_s;
        if rows.iter().any(|row| row.length_s != length_s) {
            return None;
        }
        let count = rows.iter().map(|row| row.requests.len()).max()?;
        let mut sum = Self { length_s, ..Self::default() };
        for at in 0..count {
            let (mut requests, mut failures, mut ms) = (0, 0, 0.0);
            for row in rows {
                let [all, failed] = [&row.requests, &row.failures]
                    .map(|counts| counts.get(at).copied().unwrap_or_default());
                let mean = row.ok_mean_ms.get(at).copied().flatten().unwrap_or_default();
                (requests, failures) = (requests + all, failures + failed);
                ms += mean * all.saturating_sub(failed) as f64;
            }
            sum.requests.push(requests);
            sum.failures.push(failures);
            sum.ok_mean_ms.push((requests > failures).then(|| ms / (requests - failures) as f64));
        }
        Some(sum)
    }
}

/// The batches of all entries, while the run goes on.
#[derive(Debug, Clone, Default)]
pub(super) struct BatchLedger {
    /// The first second that counts.
    first: Option<u64>,
    /// How often neighbours were joined: batches are 2 to the power of this many seconds long.
    joined: u32,
    rows: Group<RequestKey, Vec<Batch>>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Batch {
    ok: u64,
    failed: u64,
    ok_micros: u64,
}

impl BatchLedger {
    /// Adds what happened in the second with this number, of the entries that are wanted.
    pub(super) fn add(
        &mut self,
        second: u64,
        delta: &Delta,
        is_wanted: impl Fn(&RequestKey) -> bool,
    ) {
        if delta.requests.is_empty() {
            return;
        }
        let second = second.saturating_sub(*self.first.get_or_insert(second));
        while second >> self.joined >= MOST {
            self.joined += 1;
            self.rows.values_mut().for_each(|row| *row = row.chunks(2).map(Batch::sum).collect());
        }
        let at = (second >> self.joined) as usize;
        for (key, counts) in delta.requests.iter().filter(|(key, _)| is_wanted(key)) {
            if !self.rows.contains_key(key) {
                self.rows.insert(key.clone(), Vec::new());
            }
            let Some(row) = self.rows.get_mut(key) else { continue };
            row.resize(row.len().max(at + 1), Batch::default());
            row[at] = Batch::sum(&[row[at], Batch::of(counts)]);
        }
    }

    /// The batches of an entry.
    pub(super) fn of(&self, key: &RequestKey) -> Option<Batches> {
        let row = self.rows.get(key)?;
        let each = row.iter();
        Some(Batches {
            length_s: 1 << self.joined,
            requests: each.clone().map(|batch| batch.ok + batch.failed).collect(),
            failures: each.clone().map(|batch| batch.failed).collect(),
            ok_mean_ms: each.map(Batch::mean_ms).collect(),
        })
    }
}

impl Batch {
    fn of(counts: &RequestCounts) -> Self {
        Self { ok: counts.ok.count(), failed: counts.failed.count(), ok_micros: counts.ok.sum() }
    }

    fn sum(batches: &[Self]) -> Self {
        batches.iter().fold(Self::default(), |sum, batch| Self {
            ok: sum.ok + batch.ok,
            failed: sum.failed + batch.failed,
            ok_micros: sum.ok_micros.saturating_add(batch.ok_micros),
        })
    }

    /// To the microsecond, so that it is short in the result.
    fn mean_ms(&self) -> Option<f64> {
        (self.ok > 0).then(|| (self.ok_micros as f64 / self.ok as f64).round() / 1_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Kind, Ledger, Phases, Recorder, Sample, SampleResult};
    use std::time::Duration;

    /// What one request of so many milliseconds adds.
    fn delta(name: &str, ms: u64, result: SampleResult<'_>) -> Delta {
        let mut recorder = Recorder::default();
        recorder.record(&Sample {
            kind: Kind::Http,
            method: "GET",
            name,
            response_time: Duration::from_millis(ms),
            from_schedule: None,
            phases: Phases::default(),
            bytes: 0,
            status: None,
            result,
        });
        recorder.drain()
    }

    fn batches(ledger: &mut Ledger) -> Batches {
        let summary = ledger.summary(Duration::from_secs(1), true);
        summary.requests[0].batches.clone().expect("a run that is over has them")
    }

    #[test]
    fn seconds_are_joined_and_nothing_is_lost() {
        for (seconds, length_s, count) in
            [(1, 1, 1), (20, 1, 20), (21, 2, 11), (100, 8, 13), (3_600, 256, 15)]
        {
            let mut ledger = Ledger::default();
            // It begins behind a warm-up of 7 s.
            for second in 7..7 + seconds {
                let (ok, failed) = (SampleResult::Ok, SampleResult::Failed("500"));
                ledger.add_second(second, &delta("/", 10 + second % 2, ok));
                ledger.add_second(second, &delta("/", 999, failed));
            }
            let batches = batches(&mut ledger);
            assert_eq!((batches.length_s, batches.requests.len()), (length_s, count), "{seconds}");
            assert_eq!(batches.requests.iter().sum::<u64>(), 2 * seconds);
            assert_eq!(batches.failures.iter().sum::<u64>(), seconds);
            let mean = if length_s == 1 { 11.0 } else { 10.5 };
            assert_eq!(batches.ok_mean_ms[0], Some(mean), "failures are left out");
            let json = serde_json::to_string(&batches).expect("a value");
            assert_eq!(serde_json::from_str::<Batches>(&json).expect("the same"), batches);
        }
    }

    #[test]
    fn live_figures_have_none_and_a_reset_forgets_them() {
        let mut ledger = Ledger::default();
        ledger.add_second(0, &delta("/", 1, SampleResult::Ok));
        assert_eq!(ledger.summary(Duration::from_secs(1), false).requests[0].batches, None);
        ledger.reset();
        ledger.add_second(90, &delta("/", 1, SampleResult::Ok));
        assert_eq!((batches(&mut ledger).length_s, batches(&mut ledger).requests), (1, vec![1]));
    }
}
