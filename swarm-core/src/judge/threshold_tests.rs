//! Thresholds against seconds of known figures.

use super::{ABORT_AFTER_S, Phase, ThresholdEntry, Thresholds};
use crate::stats::{Delta, Kind, Phases, Recorder, Sample, SampleResult, TaskRun};
use crate::threshold::parse_list;
use proptest::prelude::*;
use std::time::Duration;

const FAILED: SampleResult<'_> = SampleResult::Failed("500");

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A request of this kind, `GET /name`, that took so many milliseconds.
fn sample<'a>(kind: Kind, name: &'a str, time: u64, result: SampleResult<'a>) -> Sample<'a> {
    Sample {
        kind,
        method: "GET",
        name,
        response_time: ms(time),
        from_schedule: None,
        phases: Phases::default(),
        bytes: 0,
        status: None,
        result,
    }
}

/// So many requests `GET /`.
fn requests(count: u64, time: u64, result: SampleResult<'static>) -> Delta {
    let mut recorder = Recorder::default();
    for _ in 0..count {
        recorder.record(&sample(Kind::Http, "/", time, result));
    }
    recorder.drain()
}

fn run(class: &str, task: &str, time: u64, late: Option<u64>, failed: bool) -> Delta {
    let mut recorder = Recorder::default();
    recorder.record_task(&TaskRun {
        class,
        task,
        duration: ms(time),
        from_schedule: late.map(|late| ms(time + late)),
        start_delay: late.map(ms),
        failed,
    });
    recorder.drain()
}

fn sum<'a>(deltas: impl IntoIterator<Item = &'a Delta>) -> Delta {
    let mut sum = Delta::default();
    deltas.into_iter().for_each(|delta| sum.merge(delta));
    sum
}

fn thresholds(list: &str) -> Thresholds {
    Thresholds::new(&parse_list(list).unwrap_or_else(|error| panic!("{error}")), false)
}

/// Takes in seconds, the first of them with this number, and a ramp of none.
fn feed<'a>(thresholds: &mut Thresholds, from: u64, deltas: impl IntoIterator<Item = &'a Delta>) {
    for (number, delta) in (from..).zip(deltas) {
        thresholds.add(number, delta, Phase::Steady, Duration::from_secs(number + 1));
    }
}

/// What these thresholds are judged by after a run of one second, to whole numbers.
fn values(list: &str, delta: &Delta) -> Vec<Option<f64>> {
    let mut thresholds = thresholds(list);
    feed(&mut thresholds, 0, [delta]);
    thresholds.entries().iter().map(|entry| entry.value.map(f64::round)).collect()
}

fn only(thresholds: &Thresholds) -> ThresholdEntry {
    thresholds.entries().remove(0)
}

#[test]
fn each_measure_is_what_it_says() {
    let delta = sum(&[
        requests(90, 10, SampleResult::Ok),
        requests(5, 20, SampleResult::Ok),
        requests(5, 100, SampleResult::Ok),
        requests(25, 1, FAILED),
    ]);
    let list = "p0<1s,median<1s,p90<1s,p95<1s,p95.5<1s,max<1s,mean<1s,failures<1%,rps>1";
    let expected = [10.0, 10.0, 10.0, 20.0, 100.0, 100.0, 15.0, 20.0, 125.0].map(Some);
    assert_eq!(values(list, &delta), expected);
}

#[test]
fn a_percentile_is_an_exact_rank() {
    // 999 of 1,000 are at most 1 ms, although 0.999 × 1,000 is a little more than 999.
    let delta = sum(&[requests(999, 1, SampleResult::Ok), requests(1, 50, SampleResult::Ok)]);
    assert_eq!(values("p99.9 < 9ms, p99.91 < 9ms", &delta), [Some(1.0), Some(50.0)]);
    let delta = sum(&[requests(55, 1, SampleResult::Ok), requests(45, 50, SampleResult::Ok)]);
    assert_eq!(values("p55 < 9ms, p56 < 9ms", &delta), [Some(1.0), Some(50.0)]);
}

#[test]
fn fast_failures_make_nothing_better_and_slow_ends_make_it_worse() {
    let good = requests(90, 300, SampleResult::Ok);
    for (others, p50, p95) in [
        (Delta::default(), 300.0, 300.0),
        (requests(900, 1, FAILED), 300.0, 300.0),
        (requests(10, 9_000, FAILED), 300.0, 9_000.0),
        (requests(10, 9_000, SampleResult::Interrupted), 300.0, 9_000.0),
        // Younger than the bound: nothing is known of them.
        (requests(900, 200, SampleResult::Interrupted), 300.0, 300.0),
        // Older than the one bound, and not than the other.
        (requests(900, 270, SampleResult::Interrupted), 270.0, 300.0),
    ] {
        let found = values("p50 < 250ms, p95 < 280ms", &sum(&[good.clone(), others]));
        assert_eq!(found, [Some(p50), Some(p95)]);
    }
    let all_fail = requests(100, 1, FAILED);
    assert_eq!(values("p95 < 250ms, mean < 250ms", &all_fail), [None, None]);
}

#[test]
fn scheduled_load_is_judged_from_schedule() {
    let mut recorder = Recorder::default();
    for late in [0, 1_000, 2_000] {
        let from_schedule = Some(ms(5 + late));
        let due = sample(Kind::Http, "/due", 5, SampleResult::Ok);
        recorder.record(&Sample { from_schedule, ..due });
        // Fast failures don't hide what was late either.
        recorder.record(&Sample { result: FAILED, from_schedule: Some(ms(6)), ..due });
        recorder.record(&sample(Kind::Http, "/free", 50, SampleResult::Ok));
    }
    // Of one name some were due and some were not.
    recorder.record(&sample(Kind::Http, "/due", 3, SampleResult::Ok));
    let tasks = [
        run("Steady", "work", 5, Some(900), false),
        run("Steady", "work", 5, Some(0), true),
        run("Steady", "rest", 40, None, false),
    ];
    let delta = sum([&recorder.drain()].into_iter().chain(&tasks));
    for (list, value) in [
        (r#"max("GET /due") < 1s"#, 2_005.0),
        (r#"p50("GET /due") < 1s"#, 5.0),
        (r#"p0("GET /due") < 1s"#, 3.0),
        (r#"max("GET /free") < 1s"#, 50.0),
        ("max < 1s", 2_005.0),
        (r#"mean("Steady::work") < 1s"#, 905.0),
        (r#"p50("Steady") < 1s"#, 40.0),
        (r#"max("Steady") < 1s"#, 905.0),
        (r#"failures("Steady::work") < 1%"#, 50.0),
    ] {
        let found = values(list, &delta)[0].expect(list);
        assert!((found / value - 1.0).abs() < 1e-3, "{list}: {found}");
    }
}

#[test]
fn a_subject_is_what_it_names_and_all_is_what_totals_have() {
    let mut recorder = Recorder::default();
    for (kind, name, count) in [
        (Kind::Http, "/", 1),
        (Kind::Probe, "/", 2),
        (Kind::Http, "/other", 4),
        (Kind::Auth, "/login", 8),
        (Kind::Step, "buy", 16),
    ] {
        for _ in 0..count {
            recorder.record(&sample(kind, name, 1, SampleResult::Ok));
        }
    }
    let runs = [
        run("Shopper", "buy", 1, None, false),
        run("Shopper", "forum::read", 1, None, false),
        run("Shopper", "forum::read", 1, None, true),
        run("ShopperToo", "buy", 1, None, false),
    ];
    let delta = sum([&recorder.drain()].into_iter().chain(&runs));
    for (list, rate) in [
        (r#"rps("GET /") > 0"#, Some(3.0)),
        (r#"rps("GET /login") > 0"#, Some(8.0)),
        (r#"rps("GET buy") > 0"#, Some(16.0)),
        ("rps > 0", Some(7.0)),
        (r#"rps("Shopper::buy") > 0"#, Some(1.0)),
        (r#"rps("Shopper::forum::read") > 0"#, Some(2.0)),
        (r#"rps("Shopper") > 0"#, Some(3.0)),
        (r#"rps("POST /") < 9"#, None),
        (r#"rps("Shop") < 9"#, None),
    ] {
        assert_eq!(values(list, &delta), [rate], "{list}");
    }
    let list = parse_list("rps > 0").expect("valid");
    let mut with_logins = Thresholds::new(&list, true);
    feed(&mut with_logins, 0, [&delta]);
    assert_eq!(only(&with_logins).value, Some(15.0));
}

#[test]
fn the_whole_run_is_decided_at_its_end_and_tells_when_it_failed() {
    let mut thresholds = thresholds("mean < 250ms");
    let (good, bad) = (requests(10, 100, SampleResult::Ok), requests(10, 500, SampleResult::Ok));
    let mut seen = Vec::new();
    for (number, delta) in (0..).zip([&good, &bad, &bad, &good, &good, &good]) {
        feed(&mut thresholds, number, [delta]);
        let entry = only(&thresholds);
        seen.push((entry.passed, entry.first_failed_s, entry.failed_for_s));
    }
    let failed = |seconds| (false, Some(2), seconds);
    assert_eq!(
        seen,
        [(true, None, 0), failed(1), failed(2), failed(3), failed(4), (true, Some(2), 4)],
        "300, 367, 300, 260 ms; then 233"
    );
}

#[test]
fn a_window_begins_after_the_ramp_and_is_judged_when_it_is_whole() {
    let mut thresholds = thresholds("p95 < 250ms over 3s, rps >= 50 over 3s");
    let (good, bad) = (requests(50, 100, SampleResult::Ok), requests(50, 500, SampleResult::Ok));
    let add = |thresholds: &mut Thresholds, number, delta: &Delta, phase| {
        thresholds.add(number, delta, phase, Duration::from_secs(9));
        let entries = thresholds.entries();
        [0, 1].map(|at: usize| entries[at].value.map(f64::round))
    };
    for number in [0, 1] {
        assert_eq!(add(&mut thresholds, number, &bad, Phase::Ramp), [None, None]);
    }
    for number in [2, 3] {
        assert_eq!(add(&mut thresholds, number, &good, Phase::Steady), [None, None]);
    }
    let whole = [Some(100.0), Some(50.0)];
    assert_eq!(add(&mut thresholds, 4, &good, Phase::Steady), whole);
    assert!(thresholds.failures().is_empty(), "what came in the ramp is forgotten");
    // A later ramp begins it anew, and what was found stays.
    assert_eq!(add(&mut thresholds, 5, &bad, Phase::Ramp), whole);
    for number in [6, 7] {
        assert_eq!(add(&mut thresholds, number, &good, Phase::Steady), whole);
    }
    // Too few for a percentile; a rate has no least number.
    for number in 8..=10 {
        add(&mut thresholds, number, &Delta::default(), Phase::Steady);
    }
    let [p95, rps] = <[ThresholdEntry; 2]>::try_from(thresholds.entries()).expect("two");
    assert_eq!((p95.value.map(f64::round), p95.passed), (Some(100.0), true));
    assert_eq!((rps.value, rps.passed), (Some(0.0), false));
    assert_eq!((rps.first_failed_s, rps.failed_for_s), (Some(9), 3), "33, 17, 0");
}

#[test]
fn the_worst_window_is_told_and_decides() {
    let mut thresholds = thresholds("p50 < 250ms over 2s");
    let seconds = [100, 600, 600, 100, 100, 100].map(|time| requests(60, time, SampleResult::Ok));
    feed(&mut thresholds, 0, &seconds);
    let entry = only(&thresholds);
    assert_eq!((entry.first_failed_s, entry.failed_for_s, entry.passed), (Some(3), 1, false));
    assert_eq!(entry.value.map(f64::round), Some(600.0));
    assert_eq!(thresholds.failures(), ["p50 < 250ms over 2s: it was 600ms at worst"]);
}

#[test]
fn what_hangs_at_the_end_belongs_to_the_last_window() {
    let mut thresholds = thresholds("p95 < 250ms over 2s, rps > 50 over 2s");
    feed(&mut thresholds, 0, &[100, 100].map(|time| requests(60, time, SampleResult::Ok)));
    assert!(thresholds.failures().is_empty());
    for number in 2..=9 {
        let hung = requests(5, 8_000, SampleResult::Interrupted);
        thresholds.add(number, &hung, Phase::Stopping, Duration::from_secs(2));
    }
    let [p95, rps] = <[ThresholdEntry; 2]>::try_from(thresholds.entries()).expect("two");
    assert_eq!((p95.passed, p95.value.map(f64::round)), (false, Some(8_000.0)));
    assert_eq!(p95.failed_for_s, 0, "the run was over");
    assert_eq!((rps.passed, rps.value), (true, Some(60.0)), "users leaving is no lack");
}

#[test]
fn an_abort_needs_ten_seconds_running_and_a_ramp_excuses_what_is_too_little() {
    let (good, bad) = (requests(10, 100, SampleResult::Ok), requests(10, 500, SampleResult::Ok));
    let mut slow = thresholds("p50 < 250ms abort");
    // 100 ms is the median again in the second before the tenth.
    let mut often: Vec<&Delta> = vec![&bad; 9];
    let rescue = requests(200, 100, SampleResult::Ok);
    often.push(&rescue);
    feed(&mut slow, 0, often);
    assert!(slow.aborting().is_none(), "nine seconds are too short");
    let much_worse = requests(1_000, 500, SampleResult::Ok);
    for number in 10..20 {
        assert!(slow.aborting().is_none(), "{number}");
        slow.add(number, &much_worse, Phase::Ramp, ms(1));
    }
    assert_eq!(slow.aborting().map(ToString::to_string).as_deref(), Some("p50 < 250ms abort"));
    // It stays failed, whatever comes while users leave.
    let late = requests(100_000, 100, SampleResult::Ok);
    slow.add(20, &late, Phase::Stopping, ms(1));
    assert_eq!((only(&slow).value.map(f64::round), only(&slow).passed), (Some(100.0), false));
    assert_eq!(slow.failures(), ["p50 < 250ms abort: it failed for 10s running"]);

    let mut little = thresholds("rps > 50 abort");
    for number in 0..60 {
        little.add(number, &good, Phase::Ramp, Duration::from_secs(number + 1));
    }
    assert!(little.aborting().is_none());
    for number in 60..60 + ABORT_AFTER_S {
        assert!(little.aborting().is_none(), "{number}");
        little.add(number, &good, Phase::Steady, Duration::from_secs(number + 1));
    }
    assert!(little.aborting().is_some());

    let mut held_up = thresholds("p50 < 250ms abort");
    feed(&mut held_up, 0, [&bad]);
    feed(&mut held_up, 9, [&bad]);
    assert!(held_up.aborting().is_some(), "a second that stands for nine counts as nine");
    assert_eq!(only(&held_up).failed_for_s, 10);
}

#[test]
fn no_data_fails_and_says_what_is_missing() {
    let delta = sum(&[requests(200, 1, FAILED), run("Shopper", "buy", 9, None, false)]);
    for (list, why) in [
        (r#"p95("GET /nope") < 1s"#, "nothing was seen of `GET /nope`"),
        (r#"failures("Shopper::nope") < 1%"#, "nothing was seen of `Shopper::nope`"),
        (r#"rps("Nope") < 1"#, "nothing was seen of `Nope`"),
        ("p95 < 1s", "nothing succeeded, and what failed did so sooner"),
        ("p95 < 1s over 1m", "after the ramp no whole window had 100 to judge"),
        (r#"p95("Shopper") < 1s over 1s"#, "after the ramp no whole window had 100 to judge"),
        ("failures < 1%", "it was 100%"),
        (r#"p95("Shopper") < 8.5ms"#, "it was 9ms"),
    ] {
        let mut thresholds = thresholds(list);
        feed(&mut thresholds, 0, [&delta]);
        assert_eq!(thresholds.failures(), [format!("{list}: {why}")]);
        assert!(!only(&thresholds).passed, "{list}");
    }
    assert_eq!(thresholds("rps < 9").failures(), ["rps < 9: there was nothing to judge"]);
    let mut cut = thresholds("failures < 1%");
    feed(&mut cut, 0, [&requests(1, 1, SampleResult::Interrupted)]);
    assert_eq!(cut.failures(), ["failures < 1%: nothing came to its end"]);
}

#[test]
fn a_reset_forgets_the_figures_and_not_the_time() {
    let mut thresholds = thresholds("p50 < 250ms, p50 < 250ms over 2s");
    feed(&mut thresholds, 0, &[500, 500].map(|time| requests(60, time, SampleResult::Ok)));
    assert_eq!(thresholds.failures().len(), 2);
    thresholds.reset();
    feed(&mut thresholds, 2, &[100, 100].map(|time| requests(60, time, SampleResult::Ok)));
    assert!(thresholds.failures().is_empty());
    assert!(thresholds.entries().iter().all(|entry| entry.first_failed_s.is_none()));
}

#[test]
fn a_threshold_on_failures_covers_those_that_it_judges() {
    // All of the totals, `GET /`, a login, `Shopper::buy`, `Shopper::sell`.
    for (list, expected) in [
        ("failures < 1%", [true, true, false, false, false]),
        ("failures <= 1% over 30s", [true, true, false, false, false]),
        (r#"failures("GET /") < 1%"#, [false, true, false, false, false]),
        (r#"failures("GET /login") < 1%"#, [false, false, true, false, false]),
        (r#"failures("Shopper::buy") < 1%"#, [false, false, false, true, false]),
        (r#"failures("Shopper") < 1%"#, [false, false, false, true, true]),
        ("failures > 1%, p95 < 1s, rps > 1", [false; 5]),
    ] {
        let thresholds = thresholds(list);
        let found = [
            thresholds.cover_request(Kind::Http, "GET", "/other"),
            thresholds.cover_request(Kind::Http, "GET", "/"),
            thresholds.cover_request(Kind::Auth, "GET", "/login"),
            thresholds.cover_task("Shopper", "buy"),
            thresholds.cover_task("Shopper", "sell"),
        ];
        assert!(!thresholds.cover_task("Shopper", "on_start"), "{list}: no run");
        assert_eq!(found, expected, "{list}");
    }
    let list = parse_list("failures < 1%").expect("valid");
    assert!(Thresholds::new(&list, true).cover_request(Kind::Auth, "GET", "/login"));
}

/// A percentile of times in milliseconds, from all of them.
fn percentile(mut times: Vec<u64>, percent: f64) -> Option<f64> {
    times.sort_unstable();
    let rank = (percent * times.len() as f64 / 100.0 - 1e-6).ceil().max(1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank")]
    times.get(rank as usize - 1).map(|time| *time as f64)
}

proptest! {
    #[test]
    fn the_value_is_what_all_samples_say(
        seconds in prop::collection::vec(
            prop::collection::vec((0..2_000_u64, 0..3_usize, 0..2_000_u64), 0..60), 1..12,
        ),
        percent in 0..=100_u32,
        window in 1..6_usize,
    ) {
        let percent = f64::from(percent);
        let list = format!("p{percent} < 500.5ms, p{percent} < 500.5ms over {window}s");
        let mut thresholds = thresholds(&list);
        let results = [SampleResult::Ok, FAILED, SampleResult::Interrupted];
        let judged = |seconds: &[Vec<(u64, usize, u64)>]| -> Vec<u64> {
            let all = seconds.iter().flatten();
            let times = all.map(|(time, result, late)| (time + late, *result));
            times.filter(|(time, result)| *result == 0 || *time > 500).map(|(time, _)| time).collect()
        };
        let mut worst: Option<f64> = None;
        for (number, second) in seconds.iter().enumerate() {
            let mut recorder = Recorder::default();
            for (time, result, late) in second {
                let sample = sample(Kind::Http, "/", *time, results[*result]);
                recorder.record(&Sample { from_schedule: Some(ms(time + late)), ..sample });
            }
            feed(&mut thresholds, number as u64, [&recorder.drain()]);
            let inside = &seconds[(number + 1).saturating_sub(window)..=number];
            if number + 1 >= window && inside.iter().map(Vec::len).sum::<usize>() >= 100 {
                worst = percentile(judged(inside), percent).into_iter().chain(worst).reduce(f64::max);
            }
            let whole = percentile(judged(&seconds[..=number]), percent);
            for (entry, expected) in thresholds.entries().iter().zip([whole, worst]) {
                match (entry.value, expected) {
                    (Some(value), Some(expected)) => {
                        prop_assert!((value - expected).abs() <= expected * 1e-3, "{value} {expected}");
                        let passes = if entry.expression.over.is_some() { worst < Some(500.5) } else { value < 500.5 };
                        prop_assert_eq!(entry.passed, passes);
                    }
                    (value, expected) => prop_assert_eq!(value, expected),
                }
            }
        }
    }
}
