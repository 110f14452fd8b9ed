//! How the generator was: one look a second, and what they come to.

use super::word::Validity;
use crate::duration;
use crate::plan::ValidityRules;
use crate::stats::Scarce;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::time::Duration;

/// Largest part of the runs that were due and may not have started.
const MOST_MISSED: f64 = 0.01;
/// Most seconds that are named.
const MOST_NAMED: usize = 100;

/// What the generator saw of itself in one second.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Vitals {
    /// Seconds since the start of the run, at its end.
    pub at_s: f64,
    /// How many seconds it stands for: more than one when all shards were held up.
    pub seconds: u32,
    /// Longest lag of any shard's heart.
    pub lag: Duration,
    /// 95th percentile of the response times.
    pub p95: Option<Duration>,
    /// Part of the CPU that the process used, of all cores that it may use; where the system tells it.
    pub cpu: Option<f64>,
    /// Part of the CPU that other virtual machines took.
    pub steal: Option<f64>,
    /// How long a container's limit stopped the process.
    pub throttled: Option<Duration>,
}

/// A task that kept its thread, so that nobody else on it could go on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Blocking {
    /// Name of the class.
    pub class: String,
    /// Name of the task, or `on_start`, `on_stop`.
    pub task: String,
    /// How often that was seen.
    pub times: u64,
    /// The longest time, in milliseconds.
    pub longest_ms: f64,
}

/// How the generator was while it measured.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Health {
    /// What speaks against the measurement, the most serious first.
    pub reasons: Vec<String>,
    /// Seconds that were looked at.
    pub seconds: u32,
    /// How many of them were bad.
    pub bad_seconds: u32,
    /// When: the ends of bad seconds, since the start of the run; a hundred at most.
    pub bad_at_s: Vec<f64>,
    /// Longest lag, in milliseconds.
    pub lag_ms: f64,
    /// Mean part of the CPU that the process used, of all cores that it may use; null where the system does not tell it.
    pub cpu: Option<f64>,
    /// Most of it in one second.
    pub cpu_max: Option<f64>,
    /// Most in one second that other virtual machines took.
    pub steal_max: Option<f64>,
    /// How long a container's limit stopped the process, in seconds.
    pub throttled_s: Option<f64>,
    /// Connections that could not be made for lack of something.
    pub scarce: Scarce,
    /// Tasks that kept their thread, the longest first.
    pub blocking: Vec<Blocking>,
}

/// Looks at the generator once a second.
#[derive(Debug, Clone, Default)]
pub struct Checkup {
    rules: ValidityRules,
    health: Health,
    /// Sum of the parts of the CPU used, and seconds in which that was known.
    cpu: (f64, u32),
    /// Seconds near a limit of the CPU, in which others took it, in which the process was stopped.
    busy: u32,
    stolen: u32,
    throttled: u32,
}

impl Checkup {
    /// By these rules.
    #[must_use]
    pub fn new(rules: ValidityRules) -> Self {
        Self { rules, ..Self::default() }
    }

    /// Takes in a second. Returns what speaks against it, if anything does.
    pub fn look(&mut self, vitals: &Vitals) -> Option<String> {
        let mut evidence = None;
        let Self { rules, health, .. } = self;
        let Vitals { at_s, seconds, lag, p95, cpu, steal, throttled } = *vitals;
        health.seconds += seconds;
        health.lag_ms = health.lag_ms.max(lag.as_secs_f64() * 1_000.0);
        let allowed = p95.map_or(Duration::ZERO, |p95| p95.mul_f64(rules.lag_of_p95));
        if lag > rules.lag.max(allowed) {
            evidence =
                Some(format!("the generator was late by {:.0} ms", lag.as_secs_f64() * 1_000.0));
            // A heart that stood still for long had no beat in all of that time.
            health.bad_seconds += seconds;
            if health.bad_at_s.len() < MOST_NAMED {
                health.bad_at_s.push(at_s);
            }
        }
        if let Some(used) = cpu {
            self.cpu.0 += used * f64::from(seconds);
            self.cpu.1 += seconds;
            health.cpu_max = Some(health.cpu_max.unwrap_or(0.0).max(used));
            self.busy += seconds * u32::from(used > rules.cpu);
        }
        if let Some(steal) = steal {
            health.steal_max = Some(health.steal_max.unwrap_or(0.0).max(steal));
            self.stolen += seconds * u32::from(steal > rules.steal);
        }
        if let Some(time) = throttled {
            *health.throttled_s.get_or_insert_default() += time.as_secs_f64();
            self.throttled += seconds * u32::from(!time.is_zero());
            if !time.is_zero() {
                evidence = Some("a limit of the CPU stopped the generator".to_owned());
            }
        }
        evidence
    }

    /// Takes in connections that could not be made for lack of something.
    pub fn lacks(&mut self, scarce: Scarce) {
        self.health.scarce.merge(scarce);
    }

    /// Takes in that a task kept its thread for so long.
    pub fn blocked(&mut self, class: &str, task: &str, time: Duration) {
        let ms = time.as_secs_f64() * 1_000.0;
        let known = self.health.blocking.iter_mut().find(|it| it.class == class && it.task == task);
        match known {
            Some(known) => {
                known.times += 1;
                known.longest_ms = known.longest_ms.max(ms);
            }
            None => {
                let (class, task) = (class.to_owned(), task.to_owned());
                self.health.blocking.push(Blocking { class, task, times: 1, longest_ms: ms });
            }
        }
        self.health.blocking.sort_by(|a, b| b.longest_ms.total_cmp(&a.longest_ms));
    }

    /// Forgets what was seen so far.
    pub fn reset(&mut self) {
        *self = Self::new(self.rules);
    }

    /// The word, and what it is based on; given how many runs of tasks were due and did not start, of how many, and which figures are missing.
    #[must_use]
    pub fn verdict(&self, missed: u64, of: u64, missing: &[String]) -> (Validity, Health) {
        let mut found: Vec<(Validity, String)> =
            missing.iter().map(|what| (Validity::Invalid, what.clone())).collect();
        let Scarce { descriptors, ports } = self.health.scarce;
        if descriptors > 0 {
            let reason = format!(
                "file descriptors ran out: {descriptors} connections could not be made (raise `ulimit -n`)"
            );
            found.push((Validity::Invalid, reason));
        }
        if ports > 0 {
            let reason = format!(
                "local ports ran out: {ports} connections could not be made (give more addresses by --source-ip)"
            );
            found.push((Validity::Invalid, reason));
        }
        found.extend(self.lateness());
        found.extend(self.processor());
        // What was due in the very last moment is no fault.
        if missed as f64 > MOST_MISSED * of as f64 {
            let reason = format!("{missed} of {of} runs of tasks that were due did not start");
            found.push((Validity::Suspect, reason));
        }
        found.sort_by_key(|(word, _)| std::cmp::Reverse(*word));
        let word = found.first().map_or(Validity::Valid, |(word, _)| *word);
        let reasons = found.into_iter().map(|(_, reason)| reason).collect();
        let cpu = (self.cpu.1 > 0).then(|| self.cpu.0 / f64::from(self.cpu.1));
        (word, Health { reasons, cpu, ..self.health.clone() })
    }

    /// Whether so many seconds are too many, by this share.
    fn too_many(&self, seconds: u32, share: f64) -> bool {
        seconds > ValidityRules::FEW && f64::from(seconds) > share * f64::from(self.health.seconds)
    }

    fn lateness(&self) -> Option<(Validity, String)> {
        let Health { seconds, bad_seconds, lag_ms, bad_at_s, blocking, .. } = &self.health;
        let word = if self.too_many(*bad_seconds, self.rules.invalid) {
            Validity::Invalid
        } else if self.too_many(*bad_seconds, self.rules.suspect) {
            Validity::Suspect
        } else {
            return None;
        };
        let ends: Vec<String> = bad_at_s.iter().take(5).map(|at| format!("{at:.0}")).collect();
        let more = if bad_at_s.len() > ends.len() { ", …" } else { "" };
        let mut reason = format!(
            "the generator was late by up to {lag_ms:.0} ms in {bad_seconds} of {seconds} seconds (those that end at {}{more} s)",
            ends.join(", "),
        );
        for Blocking { class, task, times, longest_ms } in blocking.iter().take(3) {
            let longest = duration::text(Duration::from_secs_f64(longest_ms.round() / 1_000.0));
            let _ = write!(
                reason,
                "; {class}::{task} kept its thread for up to {longest}, {times} times",
            );
        }
        Some((word, reason))
    }

    fn processor(&self) -> Vec<(Validity, String)> {
        let Self { rules, health, busy, stolen, throttled, .. } = self;
        let all = health.seconds;
        let percent = |share: f64| format!("{:.0} %", share * 100.0);
        let reasons = [
            (
                busy,
                format!(
                    "more than {} of the CPU was used in {busy} of {all} seconds",
                    percent(rules.cpu)
                ),
            ),
            (
                stolen,
                format!(
                    "other machines took more than {} of the CPU in {stolen} of {all} seconds",
                    percent(rules.steal)
                ),
            ),
            (
                throttled,
                format!("a limit of the CPU stopped the generator in {throttled} of {all} seconds"),
            ),
        ];
        let near =
            reasons.into_iter().filter(|(seconds, _)| self.too_many(**seconds, rules.suspect));
        near.map(|(_, reason)| (Validity::Suspect, reason)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// So many good seconds, and then so many like this.
    fn after(good: u32, bad: u32, like: Vitals) -> Checkup {
        let mut checkup = Checkup::default();
        for second in 0..good + bad {
            let vitals = if second < good { Vitals::default() } else { like };
            checkup.look(&Vitals { at_s: f64::from(second + 1), seconds: 1, ..vitals });
        }
        checkup
    }

    #[test]
    fn a_word_is_said_by_the_rules() {
        use Validity::{Invalid, Suspect, Valid};
        let late = Vitals { lag: 30 * MS, ..Vitals::default() };
        let hidden = Vitals { p95: Some(200 * MS), ..late };
        let shown = Vitals { p95: Some(100 * MS), ..late };
        let busy = Vitals { cpu: Some(0.95), ..Vitals::default() };
        let stolen = Vitals { steal: Some(0.2), ..Vitals::default() };
        let stopped = Vitals { throttled: Some(MS), ..Vitals::default() };
        for (good, bad, like, word, reason) in [
            (0, 2, late, Valid, ""),
            (97, 2, late, Valid, ""),
            (
                1,
                3,
                late,
                Invalid,
                "late by up to 30 ms in 3 of 4 seconds (those that end at 2, 3, 4 s)",
            ),
            (57, 3, late, Valid, ""),
            (56, 3, late, Suspect, "late by up to 30 ms in 3 of 59 seconds"),
            (75, 25, late, Suspect, "(those that end at 76, 77, 78, 79, 80, … s)"),
            (74, 26, late, Invalid, "26 of 100 seconds"),
            (0, 100, hidden, Valid, ""),
            (0, 100, shown, Invalid, "100 of 100 seconds"),
            (0, 100, busy, Suspect, "more than 90 % of the CPU was used in 100 of 100 seconds"),
            (10, 3, stolen, Suspect, "more than 10 % of the CPU in 3 of 13 seconds"),
            (10, 3, stopped, Suspect, "stopped the generator in 3 of 13 seconds"),
            (10, 2, stopped, Valid, ""),
        ] {
            let (found, health) = after(good, bad, like).verdict(0, 0, &[]);
            let all = health.reasons.join("; ");
            assert_eq!(found, word, "{good} good, {bad} like {like:?}: {all}");
            assert!(all.contains(reason) && all.is_empty() == reason.is_empty(), "{all}");
        }
    }

    #[test]
    fn what_ran_out_or_is_missing_makes_it_invalid() {
        for (scarce, missing, reason) in [
            (Scarce { descriptors: 3, ports: 0 }, None, "file descriptors ran out: 3 connections"),
            (Scarce { descriptors: 0, ports: 2 }, None, "local ports ran out: 2 connections"),
            (Scarce::default(), Some("1 of 2 shards did not end"), "1 of 2 shards did not end"),
        ] {
            let mut checkup = after(100, 0, Vitals::default());
            checkup.lacks(scarce);
            let missing: Vec<String> = missing.into_iter().map(str::to_owned).collect();
            let (word, health) = checkup.verdict(17, 1_000, &missing);
            assert_eq!(word, Validity::Invalid);
            assert!(health.reasons[0].starts_with(reason), "{:?}", health.reasons);
            assert_eq!(health.reasons[1], "17 of 1000 runs of tasks that were due did not start");
        }
        for (missed, expected) in [(10, Validity::Valid), (11, Validity::Suspect)] {
            let (word, _) = after(100, 0, Vitals::default()).verdict(missed, 1_000, &[]);
            assert_eq!(word, expected);
        }
    }

    #[test]
    fn who_kept_its_thread_is_named_and_a_reset_forgets() {
        let mut checkup = after(0, 5, Vitals { lag: 300 * MS, ..Vitals::default() });
        checkup.blocked("Buyer", "buy", 120 * MS);
        checkup.blocked("Buyer", "forum::read", 300 * MS);
        checkup.blocked("Buyer", "buy", 110 * MS);
        let (_, health) = checkup.verdict(0, 0, &[]);
        let named = "; Buyer::forum::read kept its thread for up to 300ms, 1 times; Buyer::buy kept its thread for up to 120ms, 2 times";
        assert!(health.reasons[0].ends_with(named), "{:?}", health.reasons);
        let json = serde_json::to_string(&health).expect("serializes");
        assert_eq!(serde_json::from_str::<Health>(&json).expect("reads"), health);
        checkup.reset();
        assert_eq!(checkup.verdict(0, 0, &[]), (Validity::Valid, Health::default()));
    }

    #[test]
    fn a_second_that_stands_for_several_counts_as_several() {
        let mut checkup = after(6, 0, Vitals::default());
        checkup.look(&Vitals { at_s: 10.0, seconds: 4, lag: 4_000 * MS, ..Vitals::default() });
        let (word, health) = checkup.verdict(0, 0, &[]);
        assert_eq!((word, health.seconds, health.bad_seconds), (Validity::Invalid, 10, 4));
    }
}
