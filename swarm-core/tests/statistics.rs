//! From samples to figures: nothing is lost on the way, however it is split and merged.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::Deserializer;
use proptest::prelude::*;
use std::time::{Duration, UNIX_EPOCH};
use swarm_core::secrets::Secrets;
use swarm_core::stats::{
    Attempt, Delta, Distribution, Example, ExceptionExample, HistoryPoint, Kind, Ledger,
    MetricEntry, MetricFigures, Phases, Presence, Recorder, Sample, SampleResult, Summary, TaskRun,
    Timeline,
};

const fn micros(micros: u64) -> Duration {
    Duration::from_micros(micros)
}

fn distribution(times: &[u64]) -> Distribution {
    let mut distribution = Distribution::default();
    times.iter().for_each(|time| distribution.record(micros(*time)));
    distribution
}

fn sample(name: &str, time: Duration) -> Sample<'_> {
    Sample {
        kind: Kind::Http,
        method: "GET",
        name,
        response_time: time,
        from_schedule: None,
        phases: Phases::default(),
        bytes: 10,
        status: Some(200),
        result: SampleResult::Ok,
    }
}

/// What a user may do, as a value that proptest can make.
#[derive(Debug, Clone)]
enum Happening {
    Request { name: usize, time: u64, status: u16, result: usize, kind: Kind, late: Option<u64> },
    Task { task: usize, time: u64, late: Option<u64>, failed: bool },
    Missed { runs: u64 },
    Attempt(usize),
    Exception { message: usize },
    Count { name: usize, number: u64 },
    Gauge { name: usize, value: f64 },
    Trend { name: usize, value: f64 },
}

const NAMES: [&str; 3] = ["/", "/login", "/item/{id}"];
const CAUSES: [&str; 2] = ["connection refused", "500 Internal Server Error"];
const ATTEMPTS: [Attempt; 4] =
    [Attempt::Answered, Attempt::NotSent, Attempt::PartlySent, Attempt::SentUnanswered];

fn happening() -> impl Strategy<Value = Happening> {
    let time = || prop_oneof![0..3_000_u64, 0..90_000_000_u64, 0..5_000_000_000_u64];
    let late = || proptest::option::of(0..10_000_000_u64);
    prop_oneof![
        6 => (0..3_usize, time(), 200..204_u16, 0..4_usize, kind(), late()).prop_map(
            |(name, time, status, result, kind, late)| Happening::Request {
                name, time, status, result, kind, late,
            }
        ),
        3 => (0..3_usize, time(), late(), any::<bool>())
            .prop_map(|(task, time, late, failed)| Happening::Task { task, time, late, failed }),
        1 => (1..5_u64).prop_map(|runs| Happening::Missed { runs }),
        2 => (0..4_usize).prop_map(Happening::Attempt),
        1 => (0..2_usize).prop_map(|message| Happening::Exception { message }),
        1 => (0..3_usize, 0..9_u64).prop_map(|(name, number)| Happening::Count { name, number }),
        2 => (0..3_usize, value()).prop_map(|(name, value)| Happening::Gauge { name, value }),
        2 => (0..3_usize, value()).prop_map(|(name, value)| Happening::Trend { name, value }),
    ]
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![Just(Kind::Http), Just(Kind::Probe), Just(Kind::Auth), Just(Kind::Step)]
}

/// Values of all sizes and signs; of some there are many, and some are not finite.
fn value() -> impl Strategy<Value = f64> {
    prop_oneof![-3.0..3.0_f64, (-9..9_i32).prop_map(f64::from), any::<f64>()]
}

/// The request of a happening, the `at`th of all.
fn record_request(recorder: &mut Recorder, at: usize, sample: &Sample<'_>) {
    if recorder.record(sample) {
        let millis = Duration::from_millis(at as u64);
        recorder.keep(Example {
            at: (UNIX_EPOCH + millis).into(),
            class: "Shopper".to_owned(),
            user: 0,
            kind: sample.kind,
            method: sample.method.to_owned(),
            name: sample.name.to_owned(),
            url: "/".to_owned(),
            response_time_ms: sample.response_time.as_secs_f64() * 1_000.0,
            status: sample.status,
            error: match sample.result {
                SampleResult::Failed(error) => Some(error.to_owned()),
                _ => None,
            },
            body: None,
        });
    }
}

fn record(recorder: &mut Recorder, at: usize, happening: &Happening) {
    match *happening {
        Happening::Request { name, time, status, result, kind, late } => record_request(
            recorder,
            at,
            &Sample {
                kind,
                method: "GET",
                name: NAMES[name],
                response_time: micros(time),
                from_schedule: late.map(|late| micros(time + late)),
                phases: Phases {
                    first_byte: late.map(micros),
                    reused: kind == Kind::Auth,
                    ..Phases::default()
                },
                bytes: time % 100,
                status: Some(status),
                result: match result {
                    0 => SampleResult::Interrupted,
                    1 => SampleResult::Failed(CAUSES[name % 2]),
                    _ => SampleResult::Ok,
                },
            },
        ),
        Happening::Task { task, time, late, failed } => recorder.record_task(&TaskRun {
            class: "Shopper",
            task: NAMES[task],
            duration: micros(time),
            from_schedule: late.map(|late| micros(time + late)),
            start_delay: late.map(micros),
            failed,
        }),
        Happening::Missed { runs } => recorder.missed("Shopper", "buy", runs),
        Happening::Attempt(which) => recorder.attempt(ATTEMPTS[which]),
        Happening::Exception { message } => {
            if recorder.exception("Shopper", "buy", CAUSES[message]) {
                let (text, at) =
                    (at.to_string(), (UNIX_EPOCH + Duration::from_millis(at as u64)).into());
                let example = ExceptionExample { at, user: None, text };
                recorder.keep_exception(["Shopper", "buy", CAUSES[message]], example);
            }
        }
        Happening::Count { name, number } => recorder.count(NAMES[name], number),
        Happening::Gauge { name, value } => recorder.gauge(NAMES[name], value, micros(at as u64)),
        Happening::Trend { name, value } => recorder.trend(NAMES[name], value),
    }
}

/// Figures without wall-clock times, which differ from one recording to the next.
fn figures(deltas: impl IntoIterator<Item = Delta>) -> Summary {
    let mut ledger = Ledger::default();
    deltas.into_iter().for_each(|delta| ledger.add(&delta));
    result(&mut ledger)
}

fn result(ledger: &mut Ledger) -> Summary {
    let mut summary = ledger.summary(Duration::from_secs(10), true);
    let never = swarm_core::clock::Timestamp::from(UNIX_EPOCH);
    for row in &mut summary.failures {
        (row.first_seen, row.last_seen) = (never, never);
    }
    for row in &mut summary.exceptions {
        (row.first_seen, row.last_seen) = (never, never);
    }
    summary
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    /// Recorded on any number of shards, handed over at any time, merged in any order: the same as recorded in one place.
    #[test]
    fn any_split_and_order_equals_one_place(
        happenings in proptest::collection::vec((happening(), 0..4_usize, any::<bool>()), 0..120),
        order in any::<u64>(),
    ) {
        let mut one_place = Recorder::default();
        let mut shards: Vec<Recorder> = (0..4).map(|_| Recorder::default()).collect();
        let mut deltas = Vec::new();
        for (at, (happening, shard, hand_over)) in happenings.iter().enumerate() {
            record(&mut one_place, at, happening);
            record(&mut shards[*shard], at, happening);
            if *hand_over {
                deltas.push(shards[*shard].drain());
            }
        }
        deltas.extend(shards.iter_mut().map(Recorder::drain));
        fastrand::Rng::with_seed(order).shuffle(&mut deltas);
        let expected = figures([one_place.drain()]);
        prop_assert_eq!(&figures(deltas.clone()), &expected);

        // However often it is read on the way.
        let mut ledger = Ledger::default();
        for delta in &deltas {
            ledger.add(delta);
            let _ = ledger.summary(Duration::from_secs(3), false);
        }
        prop_assert_eq!(&result(&mut ledger), &expected);

        // Associative: merged with each other first, in pairs.
        let pairs = deltas.chunks(2).map(|pair| {
            let mut first = pair[0].clone();
            pair[1..].iter().for_each(|second| first.merge(second));
            first
        });
        prop_assert_eq!(&figures(pairs.collect::<Vec<_>>()), &expected);

        // And after a journey as JSON.
        let journey = |delta: &Delta| {
            let json = serde_json::to_string(delta).expect("writes");
            serde_json::from_str::<Delta>(&json).expect("reads")
        };
        let travelled: Vec<Delta> = deltas.iter().map(journey).collect();
        prop_assert_eq!(&travelled, &deltas);
    }

    /// Against the definition: sort all values, take the smallest that the share is not above.
    #[test]
    fn percentiles_are_within_a_thousandth_and_in_bounds(
        mut times in proptest::collection::vec(prop_oneof![0..5_000_u64, 0..3_600_000_000_u64], 1..300),
    ) {
        let counted = distribution(&times);
        times.sort_unstable();
        let shares = [0.5, 0.9, 0.99, 0.9999, 1.0];
        let found = counted.percentiles(shares).map(|value| value.expect("not empty"));
        for (share, found) in shares.into_iter().zip(found) {
            let rank = ((share * times.len() as f64).ceil() as usize).max(1);
            let exact = times[rank - 1] as f64;
            prop_assert!((found - exact).abs() <= exact * 0.001, "p{share}: {found}, {exact}");
        }
        prop_assert!(found.is_sorted(), "monotone: {found:?}");
        let (min, max) = (times[0] as f64, times[times.len() - 1] as f64);
        prop_assert_eq!((counted.min(), counted.max()), (Some(min), Some(max)));
        prop_assert!(found.iter().all(|value| (min..=max).contains(value)), "{found:?}");
        let mean = times.iter().sum::<u64>() as f64 / times.len() as f64;
        prop_assert_eq!(counted.mean(), Some(mean));
    }

    /// The same of values of any size and sign.
    #[test]
    fn percentiles_of_a_trend_are_within_a_thousandth_and_in_bounds(
        mut values in proptest::collection::vec(
            prop_oneof![-1e3..1e3_f64, proptest::num::f64::NORMAL, Just(0.0), Just(-0.0)], 1..300,
        ),
    ) {
        let mut recorder = Recorder::default();
        values.iter().for_each(|value| recorder.trend("value", *value));
        let trend = recorder.drain().metrics.trends.swap_remove("value").expect("recorded");
        values.sort_by(f64::total_cmp);
        let shares = [0.5, 0.9, 0.99, 0.9999, 1.0];
        let found = trend.percentiles(shares);
        for (share, found) in shares.into_iter().zip(found) {
            let rank = ((share * values.len() as f64).ceil() as usize).max(1);
            let exact = values[rank - 1];
            prop_assert!((found - exact).abs() <= exact.abs() * 0.001, "p{share}: {found}, {exact}");
        }
        prop_assert!(found.is_sorted(), "monotone: {found:?}");
        let (min, max) = (values[0], values[values.len() - 1]);
        prop_assert_eq!((trend.spread.min(), trend.spread.max()), (min, max));
        prop_assert!(found.iter().all(|value| (min..=max).contains(value)), "{found:?}");
        if values.iter().all(|value| value.abs() < 1e6) {
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            prop_assert!((trend.spread.mean() - mean).abs() < 1e-8, "{mean}");
        }
    }

    /// What another program reads from the result is what was counted.
    #[test]
    fn the_histogram_survives_its_encoding(
        times in proptest::collection::vec(1..3_600_000_000_u64, 0..200),
    ) {
        let counted = distribution(&times);
        let bytes = STANDARD.decode(counted.to_base64()).expect("base64");
        let read: Histogram<u64> =
            Deserializer::new().deserialize(&mut bytes.as_slice()).expect("V2 deflate");
        prop_assert_eq!(read.len(), counted.count());
        for share in [0.5, 0.95, 0.99] {
            let ours = counted.percentiles([share])[0].unwrap_or(0.0);
            let theirs = read.value_at_quantile(share) as f64;
            prop_assert!((ours - theirs).abs() <= ours * 0.001, "p{share}: {ours}, {theirs}");
        }
    }
}

#[test]
fn known_data_gives_known_figures() {
    let thousand: Vec<u64> = (1..=1_000).collect();
    let counted = distribution(&thousand);
    assert_eq!(counted.percentiles([0.5, 0.95, 0.99]), [Some(500.0), Some(950.0), Some(990.0)]);
    assert_eq!(counted.mean(), Some(500.5));
    let one = distribution(&[1_234_567]);
    assert_eq!(one.percentiles([0.5, 0.99]), [Some(1_234_567.0); 2], "never above the maximum");
    let none = Distribution::default();
    assert_eq!((none.percentiles([0.5]), none.mean(), none.max()), ([None], None, None));
}

#[test]
fn what_takes_longer_than_an_hour_is_not_lost() {
    let day = 86_400_000_000;
    let counted = distribution(&[1_000, day]);
    assert_eq!((counted.count(), counted.max()), (2, Some(day as f64)));
    assert_eq!(counted.percentiles([1.0]), [Some(day as f64)]);
}

#[test]
fn logins_stand_in_the_totals_if_that_is_asked_for() {
    for (with_logins, requests) in [(false, 1), (true, 2)] {
        let mut recorder = Recorder::default();
        recorder.record(&sample("/", micros(10_000)));
        recorder.record(&Sample { kind: Kind::Auth, ..sample("/login", micros(7_000)) });
        let delta = recorder.drain();
        let mut ledger = Ledger::with_logins(with_logins);
        ledger.add(&delta);
        let totals = ledger.summary(Duration::from_secs(1), false).totals;
        let mut timeline = Timeline::with_logins(with_logins);
        timeline.push(0, Presence::default(), &delta, Duration::from_secs(1));
        assert_eq!((totals.requests, timeline.points()[0].rps), (requests, requests as f64));
    }
}

#[test]
fn names_beyond_the_bound_share_one_row_and_totals_lose_nothing() {
    let mut recorder = Recorder::with_limit(3);
    for index in 0..10 {
        recorder.record(&sample(&format!("/{index}"), micros(index)));
    }
    let summary = figures([recorder.drain()]);
    let names: Vec<&str> = summary.requests.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["(other)", "/0", "/1", "/2"]);
    assert_eq!(summary.requests[0].totals.requests, 7);
    assert_eq!(summary.totals.requests, 10);
    assert_eq!(summary.totals.response_time_ms.max, Some(0.009));
}

#[test]
fn own_figures_are_what_they_are_called() {
    let mut recorder = Recorder::default().redacting(Secrets::new(["hunter2"]));
    recorder.count("bought", 3);
    recorder.count("for hunter2", 1);
    for (at, value) in [(1, 17.0), (2, 2.5), (3, f64::NAN), (4, 9.0)] {
        recorder.gauge("queue", value, micros(at));
    }
    (1..=1_000).for_each(|value| recorder.trend("basket", f64::from(value) / 10.0));
    recorder.stop_measuring();
    recorder.count("bought", 1);
    let entry = |name: &str, figures| MetricEntry { name: name.to_owned(), figures };
    let trend = |p50, p90, p95, p99, p99_9| MetricFigures::Trend {
        count: 1_000,
        min: 0.1,
        max: 100.0,
        mean: 50.05,
        p50,
        p90,
        p95,
        p99,
        p99_9,
    };
    let found = figures([recorder.drain()]).metrics;
    let MetricFigures::Trend { p50, p90, p95, p99, p99_9, .. } = found[0].figures else {
        panic!("{found:?}");
    };
    assert!((50.0..50.05).contains(&p50) && (99.0..99.1).contains(&p99), "{found:?}");
    let expected = [
        entry("basket", trend(p50, p90, p95, p99, p99_9)),
        entry("bought", MetricFigures::Counter { total: 4, per_s: 0.3 }),
        entry("for ***", MetricFigures::Counter { total: 1, per_s: 0.1 }),
        entry(
            "queue",
            MetricFigures::Gauge { count: 3, last: 9.0, min: 2.5, max: 17.0, mean: 9.5 },
        ),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_step_is_no_request_and_its_cause_is_told_elsewhere() {
    let mut recorder = Recorder::default();
    let failed = SampleResult::Failed("500 Internal Server Error");
    let step = Sample { kind: Kind::Step, method: "STEP", ..sample("buy", micros(5)) };
    recorder.record(&Sample { kind: Kind::Probe, method: "SQL", ..sample("select", micros(3)) });
    assert!(!recorder.record(&Sample { result: failed, ..step }), "no example of it is kept");
    let summary = figures([recorder.drain()]);
    assert_eq!((summary.totals.requests, summary.totals.failures), (1, 0));
    let rows = summary.requests.iter().map(|row| (row.kind, row.totals.requests));
    assert_eq!(rows.collect::<Vec<_>>(), [(Kind::Probe, 1), (Kind::Step, 1)]);
    assert_eq!(summary.requests[1].totals.failures, 1);
    assert_eq!(summary.failures, []);
}

#[test]
fn names_and_messages_are_counted_without_secrets() {
    let mut recorder = Recorder::with_limit(2).redacting(Secrets::new(["hunter2"]));
    let failed = SampleResult::Failed("no hunter2");
    for name in ["/?p=hunter2", "/", "/?p=hunter2", "/other", "/?p=%68unter2"] {
        recorder.record(&Sample { result: failed, ..sample(name, micros(5)) });
    }
    // The secret stands where the message is cut.
    let long = "x".repeat(497);
    recorder.exception("Shopper", "buy", &format!("{long}hunter2"));
    let summary = figures([recorder.drain()]);
    let rows = summary.requests.iter().map(|row| (row.name.as_str(), row.totals.requests));
    assert_eq!(rows.collect::<Vec<_>>(), [("(other)", 1), ("/", 1), ("/?p=***", 3)]);
    assert_eq!(summary.failures.iter().map(|row| row.occurrences).sum::<u64>(), 5);
    assert!(summary.failures.iter().all(|row| row.error == "no ***"), "{:?}", summary.failures);
    assert_eq!(summary.exceptions[0].message, format!("{long}***"));
}

#[test]
fn the_ledger_bounds_its_rows_too() {
    let mut ledger = Ledger::default();
    for shard in 0..3 {
        let mut recorder = Recorder::default();
        for index in 0..4_000 {
            recorder.record(&sample(&format!("/{shard}/{index}"), micros(5)));
        }
        for index in 0..400 {
            recorder.exception("Shopper", "buy", &format!("error {shard} {index}"));
            recorder.count(&format!("{shard}/{index}"), 2);
        }
        ledger.add(&recorder.drain());
    }
    let summary = ledger.summary(Duration::from_secs(1), false);
    assert_eq!(summary.totals.requests, 12_000);
    assert!(summary.requests.len() <= 5_001, "{}", summary.requests.len());
    assert_eq!(summary.requests.iter().map(|row| row.totals.requests).sum::<u64>(), 12_000);
    assert!(summary.exceptions.len() <= 501, "{}", summary.exceptions.len());
    assert_eq!(summary.metrics.len(), 501);
    let counted = summary.metrics.iter().map(|row| match row.figures {
        MetricFigures::Counter { total, .. } => total,
        _ => panic!("{row:?}"),
    });
    assert_eq!(counted.sum::<u64>(), 2_400);
    assert_eq!(summary.metrics[0].name, "(other)");
    assert_eq!(summary.exceptions.iter().map(|row| row.occurrences).sum::<u64>(), 1_200);
}

#[test]
fn successes_failures_and_what_was_cut_off_are_kept_apart() {
    let mut recorder = Recorder::default();
    recorder.record(&sample("/", micros(10_000)));
    let failed = SampleResult::Failed("500 Internal Server Error");
    recorder.record(&Sample { status: Some(500), result: failed, ..sample("/", micros(1_000)) });
    let cut = SampleResult::Interrupted;
    recorder.record(&Sample { status: None, result: cut, ..sample("/", micros(99_000)) });
    recorder.record(&Sample { kind: Kind::Auth, ..sample("/login", micros(7_000)) });
    recorder.stop_measuring();
    recorder.record(&sample("/", micros(20_000)));
    let summary = figures([recorder.drain()]);
    let totals = &summary.totals;
    assert_eq!((totals.requests, totals.failures, totals.interrupted), (3, 1, 1));
    assert_eq!((totals.ok_ms.min, totals.failed_ms.max), (Some(10.0), Some(1.0)));
    assert_eq!(totals.response_time_ms.max, Some(20.0), "a login is not in the totals");
    assert_eq!(totals.rps, 0.2, "two in ten seconds; what ended in the drain is left out");
    assert_eq!(totals.status.iter().collect::<Vec<_>>(), [(&200, &2), (&500, &1)]);
    assert_eq!(summary.failures[0].error, "500 Internal Server Error");
}

#[test]
fn a_long_history_stays_bounded_and_keeps_its_peaks() {
    let mut timeline = Timeline::default();
    let hours_of_seconds = 10_000;
    for second in 0..hours_of_seconds {
        let mut recorder = Recorder::default();
        let slow = if second == 4_321 { 9_000_000 } else { 1_000 };
        recorder.record(&sample("/", micros(slow)));
        let users = if second == 1_234 { 500 } else { 7 };
        let presence = Presence { users, wanted: users + 1, in_flight: users / 2 };
        (0..second % 2).for_each(|_| recorder.dropped());
        timeline.push(second, presence, &recorder.drain(), Duration::from_secs(1));
    }
    let points = timeline.points();
    assert!((1_800..=3_600).contains(&points.len()), "{}", points.len());
    assert!(points.is_sorted_by(|one, next| one.t_s < next.t_s));
    assert_eq!(points.iter().map(|point| point.users).max(), Some(500));
    assert_eq!(points.iter().map(|point| point.wanted).max(), Some(501));
    assert_eq!(points.iter().map(|point| point.in_flight).max(), Some(250));
    assert!(points.iter().all(|point| (point.dropped_per_s - 0.5).abs() < 1e-9), "means");
    assert!(points.iter().any(|point| point.p95 > Some(8_990.0)), "the peak is still there");
    assert!(points.iter().any(|point| point.p99 > Some(8_990.0) && point.max == Some(9_000.0)));
    let gathered = hours_of_seconds % points[0].t_s as u64;
    let counts = points.iter().flat_map(|point| point.heat.buckets()).map(|(_, count)| count);
    assert_eq!(counts.sum::<u64>(), hours_of_seconds - gathered);
    let json = serde_json::to_string(points).expect("a value");
    assert_eq!(serde_json::from_str::<Vec<HistoryPoint>>(&json).expect("the same"), points);
    assert!(points.iter().all(|point| (point.rps - 1.0).abs() < 1e-9), "rates are means");
}
