//! What the search does, step by step, and what it blames.

use super::services::{Served, Service, goal, search};
use crate::judge::exit_code;
use crate::judge::search::{Capacity, Counted, Goal, LimitedBy, Search, SearchSecond, Step};
use crate::plan::Unit;
use crate::stats::{Distribution, Kind, RequestKey};
use crate::threshold::parse_list;
use proptest::prelude::*;
use std::time::Duration;

/// A second in which so many iterations of one request ended, each after so many milliseconds.
fn second(rate: f64, ms: u64, bound_ms: u64) -> SearchSecond {
    let of = rate.round() as u64;
    let mut times = Distribution::default();
    (0..of).for_each(|_| times.record(Duration::from_millis(ms)));
    let over = if ms >= bound_ms { of } else { 0 };
    SearchSecond {
        reached: true,
        iterations: of,
        in_flight: of * ms / 1_000,
        times,
        counts: vec![Counted { over, of }],
        ..SearchSecond::default()
    }
}

/// Whether a limit is at most 5 % below this one, and not above it.
fn is_near(capacity: &Capacity, truth: f64) -> bool {
    capacity.limit().is_some_and(|limit| (0.95 * truth..=truth).contains(&limit))
}

#[test]
fn four_users_of_forty_milliseconds_are_the_limit_themselves() {
    let (capacity, _) = search(goal("p95 < 200ms"), |rate| SearchSecond {
        dropped: (rate - 100.0).max(0.0) as u64,
        in_flight: 4,
        ..second(rate.min(100.0), 40, 200)
    });
    assert!(is_near(&capacity, 102.0), "{capacity:?}");
    assert_eq!(capacity.limited_by, Some(LimitedBy::MaxUsers));
}

#[test]
fn users_that_wait_for_slow_answers_are_the_targets_limit() {
    let (capacity, _) = search(goal("p95 < 200ms"), |rate| {
        let slow = rate > 100.0;
        let dropped = if slow { rate as u64 / 2 } else { 0 };
        SearchSecond { dropped, in_flight: 20, ..second(rate, if slow { 400 } else { 40 }, 200) }
    });
    assert!(is_near(&capacity, 100.0), "{capacity:?}");
    assert_eq!(capacity.limited_by, Some(LimitedBy::Target));
}

#[test]
fn the_generator_is_blamed_on_its_own_evidence_and_for_no_single_disturbance() {
    let late = || Some("shard 0 was 30 ms late".to_owned());
    let (capacity, _) = search(goal("p95 < 200ms"), |rate| SearchSecond {
        generator: late().filter(|_| rate > 100.0),
        ..second(rate, 40, 200)
    });
    assert!(is_near(&capacity, 100.0), "{capacity:?}");
    assert_eq!((capacity.limited_by, capacity.note.clone()), (Some(LimitedBy::Generator), late()));
    assert_eq!(capacity.interval, None, "it is not the target's limit");
    assert_eq!(capacity.exit_code(None), exit_code::INVALID);

    let (mut service, mut seconds) = (Service::new(8, Served::Constant(0.04), 0.2), 0);
    let (capacity, _) = search(goal("p95 < 200ms"), |rate| {
        seconds += 1;
        let generator = late().filter(|_| (30..38).contains(&seconds));
        SearchSecond { generator, ..service.second(rate) }
    });
    assert!(is_near(&capacity, 202.0), "{capacity:?}");
    assert_eq!((capacity.limited_by, capacity.note), (Some(LimitedBy::Target), None));
}

#[test]
fn a_target_that_holds_everything_is_asked_for_no_more_than_allowed() {
    for (unit, by) in [(Unit::Rate, LimitedBy::MaxRate), (Unit::Users, LimitedBy::MaxUsers)] {
        let goal = Goal { unit, most: 300.0, ..goal("p95 < 200ms") };
        let (capacity, _) = search(goal, |level| second(level, 40, 200));
        assert_eq!(capacity.bracket, [Some(300.0), None]);
        assert_eq!((capacity.limited_by, capacity.interval), (Some(by), None));
    }
}

#[test]
fn a_first_level_that_fails_leads_down() {
    let slow_above =
        |most: f64| move |rate: f64| second(rate, if rate > most { 300 } else { 20 }, 200);
    let (capacity, _) = search(goal("p95 < 200ms"), slow_above(3.0));
    assert!(is_near(&capacity, 3.0), "{capacity:?}");
    let (capacity, _) = search(goal("p95 < 200ms"), |rate| second(rate + 5.0, 300, 200));
    assert_eq!(capacity.bracket, [None, Some(0.1)]);
    assert_eq!(capacity.limited_by, Some(LimitedBy::Target));
    let (capacity, _) = search(goal("failures < 1%"), |_| SearchSecond {
        counts: vec![Counted::default()],
        ..second(0.0, 0, 1)
    });
    assert_eq!(capacity.bracket, [None, Some(0.1)], "no data does not pass");
}

#[test]
fn users_are_whole() {
    let goal = Goal::new(Unit::Users, parse_list("p95 < 200ms").expect("valid")).expect("shares");
    let (capacity, _) =
        search(goal, |users| second(users, if users > 7.0 { 300 } else { 20 }, 200));
    assert_eq!(capacity.bracket, [Some(7.0), Some(8.0)]);
    assert!(capacity.levels.iter().all(|level| level.offered.fract() == 0.0));
}

#[test]
fn a_backlog_fails_at_once_and_the_next_level_waits_until_it_is_gone() {
    let mut machine = Search::new(goal("p95 < 200ms"));
    let mut service = Service::new(8, Served::Constant(0.04), 0.2);
    let (mut level, mut held, mut resting) = (machine.start(), 0, false);
    loop {
        let figures = service.second(level);
        let in_flight = figures.in_flight;
        match machine.add(&figures) {
            Step::Hold => held += 1,
            Step::Set(next) if level == 320.0 => {
                // 120 per second too many: 1.5 × 320 × 0.2 = 96 are in flight after the first second, and stay so for three.
                assert_eq!((held, next), (2, 10.0));
                (level, resting) = (next, true);
            }
            Step::Set(next) if resting => {
                assert!(in_flight <= 8, "{in_flight} are still in flight before {next}/s");
                break;
            }
            Step::Set(next) => (level, held) = (next, 0),
            Step::Done => panic!("it went on"),
        }
    }
}

#[test]
fn iterations_of_many_requests_and_waits_are_no_backlog() {
    // Ten requests of 150 ms and a wait of 2 s: 3.5 in flight for each that starts in a second.
    let (capacity, _) = search(Goal { most: 100.0, ..goal("p95 < 250ms") }, |rate| {
        let figures = second(20.0, 150, 250);
        SearchSecond { iterations: 2, in_flight: if rate > 0.0 { 7 } else { 0 }, ..figures }
    });
    assert_eq!(capacity.bracket, [Some(100.0), None]);
}

#[test]
fn what_is_known_can_be_asked_at_any_time() {
    let mut machine = Search::new(goal("p95 < 200ms"));
    let (mut service, mut level) = (Service::new(8, Served::Constant(0.04), 0.2), machine.start());
    for _ in 0..60 {
        if let Step::Set(next) = machine.add(&service.second(level)) {
            level = next;
        }
    }
    let capacity = machine.capacity();
    assert_eq!(capacity.bracket, [Some(160.0), Some(226.3)]);
    assert_eq!(capacity.note.as_deref(), Some("the search was ended early"));
    assert_eq!(capacity.exit_code(None), exit_code::INVALID);
    assert_eq!(capacity.exit_code(Some(100.0)), exit_code::PASSED);
}

#[test]
fn a_target_that_does_not_recover_ends_the_search() {
    let mut broken = false;
    let (capacity, _) = search(goal("p95 < 200ms"), |rate| {
        broken |= rate > 50.0;
        if broken {
            SearchSecond { in_flight: 500, ..second(0.0, 0, 1) }
        } else {
            second(rate, 40, 200)
        }
    });
    assert_eq!(capacity.bracket, [Some(40.0), Some(80.0)]);
    let note = "the target did not recover from the level that failed within 60s";
    assert_eq!(capacity.note.as_deref(), Some(note));
}

#[test]
fn the_entry_that_broke_first_and_the_knee_are_named() {
    let key = |name: &str| RequestKey { kind: Kind::Http, method: "GET".into(), name: name.into() };
    let (capacity, _) = search(goal("p95 < 200ms"), |rate| {
        // Response times grow as those of a queue for 130 per second. Its knee is at half of that: 80 is the nearest level.
        let ms = (1_000.0 / (130.0 - rate).max(1.0)) as u64;
        let mut figures = second(rate, ms, 200);
        let Counted { over, of } = figures.counts[0];
        let [slow, fast] = [over, 0].map(|over| vec![Counted { over, of }]);
        figures.requests.extend([(key("/"), fast), (key("/search"), slow)]);
        figures
    });
    assert!(is_near(&capacity, 125.0), "{capacity:?}");
    assert_eq!(capacity.broke_first.as_deref(), Some("GET /search"));
    assert_eq!(capacity.knee, Some(80.0));
    let json = serde_json::to_string(&capacity).expect("a value");
    assert!(json.starts_with(r#"{"unit":"iterations/s","bracket":["#), "{json}");
    assert_eq!(serde_json::from_str::<Capacity>(&json).expect("the same"), capacity);
}

proptest! {
    /// Whatever the target does, the search ends, within its bounds, and its bracket is one.
    #[test]
    fn every_search_ends(
        outcomes in proptest::collection::vec(0..4_u8, 1..40),
        start in 0.2..50.0_f64,
        most in 50.0..5_000.0_f64,
        users in any::<bool>(),
    ) {
        let unit = if users { Unit::Users } else { Unit::Rate };
        let goal = Goal { unit, start, most, ..goal("p95 < 200ms") };
        let (mut at, mut last) = (0, 0.0);
        let (capacity, seconds) = search(goal, |level| {
            at += usize::from(level != last);
            last = level;
            let outcome = outcomes[at % outcomes.len()];
            SearchSecond {
                generator: (outcome == 0).then(String::new),
                dropped: u64::from(outcome == 1) * 1_000,
                ..second(level, if outcome == 2 { 300 } else { 30 }, 200)
            }
        });
        prop_assert!(seconds < 2_000);
        prop_assert!(capacity.levels.iter().all(|level| level.offered <= most));
        if let [Some(low), Some(high)] = capacity.bracket {
            prop_assert!(low < high);
            prop_assert!(capacity.interval.is_none_or(|[from, to]| from <= low && high <= to));
        }
    }
}
