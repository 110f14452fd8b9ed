//! Pairs of runs of which it is known whether they differ.

use super::comparison::judge;
use super::estimate::Reading;
use super::observed::Observed;
use super::{Compared, Comparison, Verdict, compare};
use crate::clock::Timestamp;
use crate::judge::{Health, Outcome, Validity, exit_code};
use crate::plan::{ClassSpec, Load, RunSpec};
use crate::random::Random;
use crate::report::{Report, Run};
use crate::stats::{Kind, Ledger, Phases, Recorder, Sample, SampleResult, Summary};
use crate::threshold::Measure;
use std::time::Duration;

/// A number with the standard normal distribution, by Box and Muller's method.
fn normal(random: &mut Random) -> f64 {
    let radius = (-2.0 * (1.0 - random.unit()).ln()).sqrt();
    radius * (std::f64::consts::TAU * random.unit()).cos()
}

/// Five runs of one side: of seven entries, times that vary by this share from run to run, and are this much slower in the first entry.
fn side(random: &mut Random, noise: f64, slower: f64) -> Vec<Vec<Observed>> {
    let mut run = |slower: f64| {
        // The percentiles of a run are slow together.
        let of_run = normal(random) * noise;
        let within = Some((noise / 5.0, 19));
        let time = |ms: f64| Some(Reading { value: ms.ln() + of_run + slower.ln_1p(), within });
        let rate = Some(Reading { value: 3.0 + normal(random) * 0.01, within: Some((0.002, 19)) });
        let failures = Some(Reading { value: 0.0, within: Some((0.000_1, 19)) });
        Observed {
            requests: 9_000,
            readings: [rate, failures, time(50.0), time(90.0), time(200.0)],
        }
    };
    (0..7)
        .map(|entry| (0..5).map(|_| run(if entry == 0 { slower } else { 0.0 })).collect())
        .collect()
}

/// Compares five runs with five. The first entry, and whether anything was found in the others.
fn five_runs(seed: u64, noise: f64, slower: f64) -> (Compared, bool) {
    let mut random = Random::new(seed, 7);
    let sides = side(&mut random, noise, 0.0).into_iter().zip(side(&mut random, noise, slower));
    let rows: Vec<_> = sides.map(|(before, after)| [before, after]).collect();
    let mut compared = judge(&rows, [5, 5], 0.05);
    let first = compared.remove(0);
    (first, compared.iter().any(|entry| entry.verdict != Verdict::NoDifference))
}

#[test]
fn five_runs_of_the_same_are_no_different() {
    // The margin would hide errors of the test: noise is so large that it seldom decides.
    for noise in [0.02, 0.1, 0.4] {
        let wrong = (0..400).filter(|seed| {
            let (first, others) = five_runs(*seed, noise, 0.0);
            others || first.verdict != Verdict::NoDifference
        });
        let wrong = wrong.count();
        println!("noise of {noise}: {wrong} false alarms in 400");
        assert!(wrong <= 20, "{wrong} false alarms in 400 at a noise of {noise}");
    }
}

#[test]
fn a_slowdown_of_ten_percent_is_found_as_often_as_it_says() {
    let (mut found, mut false_alarms, mut smallest) = (0, 0, 0.0);
    for seed in 0..400 {
        let (first, others) = five_runs(seed, 0.0257, 0.1);
        let p95 = first.changes.iter().find(|it| it.measure == Measure::Percentile(95.0));
        let p95 = p95.expect("it is compared");
        found += i32::from(p95.verdict == Verdict::Worse);
        false_alarms += i32::from(others);
        smallest += p95.smallest / 400.0;
    }
    println!("{found} of 400 found; the smallest that is found in 80 % of all: {smallest:.1} %");
    assert!((9.5..=10.5).contains(&smallest), "{smallest}");
    assert!((295..=345).contains(&found), "{found} of 400, not 320");
    assert!(false_alarms <= 20, "{false_alarms}");
}

/// A minute of requests whose times are like those of their neighbours, this much slower.
fn run(seed: u64, slower: f64) -> Report {
    let (mut random, mut drift) = (Random::new(seed, 9), 0.0);
    let mut ledger = Ledger::default();
    for second in 0..60 {
        let mut recorder = Recorder::default();
        for _ in 0..40 {
            // Independent requests would vary by 0.3; a mean of such ones varies as one of a fortieth as many.
            drift = 0.95 * drift + (1.0 - 0.95_f64.powi(2)).sqrt() * 0.3 * normal(&mut random);
            record(&mut recorder, "/", 50.0 * drift.exp() * (1.0 + slower), SampleResult::Ok);
        }
        ledger.add_second(second, &recorder.drain());
    }
    report(ledger.summary(Duration::from_secs(60), true))
}

fn record(recorder: &mut Recorder, name: &str, ms: f64, result: SampleResult<'_>) {
    recorder.record(&Sample {
        kind: Kind::Http,
        method: "GET",
        name,
        response_time: Duration::from_secs_f64(ms / 1_000.0),
        from_schedule: None,
        phases: Phases::default(),
        bytes: 0,
        status: Some(200),
        result,
    });
}

fn report(summary: Summary) -> Report {
    let now = Timestamp::now();
    Report {
        capacity: None,
        schema: Report::SCHEMA,
        swarm: String::new(),
        run: Run {
            spec: RunSpec::new(Vec::new()),
            started_at: now,
            ended_at: now,
            measured_from_s: 0.0,
            duration_s: 60.0,
        },
        thresholds: Vec::new(),
        outcome: Outcome {
            exit_code: 0,
            reasons: Vec::new(),
            validity: Validity::Valid,
            health: Health::default(),
        },
        totals: summary.totals,
        requests: summary.requests,
        wire: summary.wire,
        tasks: summary.tasks,
        classes: Vec::new(),
        failures: summary.failures,
        slowest: Vec::new(),
        exceptions: summary.exceptions,
        metrics: summary.metrics,
        history: Vec::new(),
        observed: Vec::new(),
        marks: Vec::new(),
    }
}

#[test]
fn one_run_of_each_side_says_what_it_can() {
    let (mut false_alarms, mut found, mut smallest) = (0, 0, 0.0);
    for seed in 0..200 {
        let before = [run(2 * seed, 0.0)];
        let same = compare(&before, &[run(2 * seed + 1, 0.0)], 0.0, false);
        assert!(same.indicative && same.entries.len() == 1);
        false_alarms += u32::from(same.exit_code() != exit_code::PASSED);
        smallest += same.entries[0].changes[2].smallest / 200.0;
        let slow = compare(&before, &[run(2 * seed + 1, 0.33)], 0.0, false);
        found += u32::from(slow.entries[0].changes[2].verdict == Verdict::Worse);
    }
    println!("{false_alarms} false alarms; {found} of 200 found; smallest {smallest:.1} %");
    // By chance, 5 % are better or worse; here only those that are worse count.
    assert!(false_alarms <= 10, "{false_alarms} false alarms in 200");
    assert!((20.0..=50.0).contains(&smallest), "{smallest}");
    assert!((140..=180).contains(&found), "{found} of 200, not 160");
}

#[test]
fn runs_of_different_things_are_not_compared() {
    let one = run(1, 0.0);
    let with = |change: fn(&mut Report)| {
        let mut other = one.clone();
        change(&mut other);
        compare(std::slice::from_ref(&one), &[other], 0.05, false).not_comparable.join("; ")
    };
    assert_eq!(with(|_| {}), "");
    assert_eq!(with(|run| run.run.spec.seed = 8), "");
    for (change, why) in [
        (
            (|run| run.run.spec.host = Some("http://a".to_owned())) as fn(&mut Report),
            "the hosts differ: each class's own and http://a",
        ),
        (
            |run| run.run.spec.classes = vec![ClassSpec::new("Shopper", 1)],
            "the classes differ: none and Shopper",
        ),
        (|run| run.run.spec.load = Load::users(9, 1.0), "the loads differ: 1 user and 9 users"),
        (
            |run| run.run.spec.load = Load::users(1, 9.0),
            "the loads differ: 1 user and 1 user with other spawn rates",
        ),
        (|run| run.run.duration_s = 90.0, "the times that were measured differ: 60s and 90s"),
        (|run| run.totals.of_requests.requests = 0, "a run requested nothing"),
        (|run| run.outcome.validity = Validity::Invalid, "the measurement of a run is not valid"),
        (|run| run.run.spec.count_logins = true, "one counts logins, the other does not"),
    ] {
        assert_eq!(with(change), why);
    }
    let hosts = |a: &str, b: &str, any_host: bool| -> Comparison {
        let at = |host: &str| {
            let mut run = one.clone();
            run.run.spec.host = Some(host.to_owned());
            run
        };
        compare(&[at(a)], &[at(b)], 0.05, any_host)
    };
    assert!(hosts("http://127.0.0.1:8000", "http://127.0.0.1:9000", false).entries.len() == 1);
    assert_eq!(hosts("http://a:1", "http://a:2", false).exit_code(), exit_code::USAGE);
    assert_eq!(hosts("http://a:1", "http://b:2", true).exit_code(), exit_code::PASSED);
}

#[test]
fn entries_that_say_nothing_are_told_with_the_reason() {
    let of = |names: &[(&str, u64)], failed: u64| {
        let mut ledger = Ledger::default();
        for second in 0..10 {
            let mut recorder = Recorder::default();
            for (name, count) in names {
                for at in 0..*count {
                    let bad = at < failed;
                    let result = if bad { SampleResult::Failed("500") } else { SampleResult::Ok };
                    record(&mut recorder, name, 5.0 + (at % 10) as f64, result);
                }
            }
            ledger.add_second(second, &recorder.drain());
        }
        let summary = ledger.summary(Duration::from_secs(10), true);
        let mut report = report(summary);
        report.run.duration_s = 10.0;
        report
    };
    let before = of(&[("/", 50), ("/gone", 50), ("/rare", 9)], 0);
    let after = of(&[("/", 50), ("/new", 50), ("/rare", 9)], 2);
    let comparison = compare(&[before], &[after], 0.05, false);
    let rows: Vec<_> = comparison
        .entries
        .iter()
        .map(|entry| (entry.name.as_str(), entry.verdict, entry.why.as_deref()))
        .collect();
    let few = "a run has only 90 requests of it: 100 are needed";
    assert_eq!(
        rows,
        [
            ("/", Verdict::Worse, None),
            ("/gone", Verdict::NotComparable, Some("not all runs after have it")),
            ("/new", Verdict::NotComparable, Some("not all runs before have it")),
            ("/rare", Verdict::NotComparable, Some(few)),
        ]
    );
    let failures = &comparison.entries[0].changes[1];
    assert_eq!((failures.before, failures.after, failures.change), (0.0, 4.0, 4.0), "percent");
    assert_eq!(comparison.exit_code(), exit_code::THRESHOLD);
    let json = serde_json::to_string(&comparison).expect("a value");
    assert!(json.contains(r#""measure":"p95""#) && json.contains(r#""verdict":"worse""#), "{json}");
}
