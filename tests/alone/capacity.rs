//! Where the limit of a real service is, and what sets it.

use crate::permits::Permits;
use crate::{alone, run};
use serde_json::{Value, json};
use std::time::Duration;

/// Searches with users of a class. Returns the exit code and the result.
fn search(class: &str, host: &str, arguments: &str) -> (Option<i32>, Value) {
    let (code, report) = run(&[], &format!("{class} -H {host} {arguments}"));
    assert_ne!(report["capacity"], Value::Null, "{report:#}");
    (code, report)
}

#[test]
fn the_limit_of_a_service_is_found_within_four_minutes() {
    let _alone = alone();
    // A hundred requests a second.
    let service = Permits::start(4, Duration::from_millis(40));
    // A search that takes longer is ended, and has no answer.
    let arguments = "--find-limit p95<200ms,failures<1% --run-time 4m --expect-limit >90/s";
    let (code, report) = search("Plain", &service.url(), arguments);
    let capacity = &report["capacity"];
    assert_eq!(code, Some(0), "{:#}", report["outcome"]);
    assert_eq!(capacity["limited_by"], "target", "{capacity:#}");
    assert_eq!(
        (&capacity["unit"], &capacity["broke_first"]),
        (&json!("iterations/s"), &json!("GET /"))
    );
    let [low, high] = [0, 1].map(|end| capacity["bracket"][end].as_f64().expect("a number"));
    assert!((88.0..=103.0).contains(&low) && low < high && high <= 110.0, "{capacity:#}");
    let levels = capacity["levels"].as_array().expect("a list");
    assert!(
        levels.iter().any(|level| level["passed"] == false) && levels.len() > 5,
        "{capacity:#}"
    );
    // Only the level that was confirmed counts: half a minute of it.
    let confirmed = report["totals"]["requests"].as_f64().expect("a number");
    assert!((25.0..45.0).contains(&(confirmed / low)), "{confirmed} at {low}/s");
    let answer = report["outcome"]["reasons"][0].as_str().expect("a reason");
    assert!(
        answer.starts_with(&format!("the limit is between {low} and {high} iterations/s")),
        "{answer}"
    );
}

#[test]
fn a_generator_at_its_own_limit_says_so() {
    let _alone = alone();
    let service = Permits::start(1_000, Duration::from_millis(1));
    let (code, report) =
        search("Spinning", &service.url(), "--find-limit p95<250ms --precision 50% --run-time 4m");
    let capacity = &report["capacity"];
    assert_eq!(capacity["limited_by"], "generator", "{capacity:#}");
    assert_eq!(code, Some(4), "{:#}", report["outcome"]);
}

#[test]
fn too_few_users_are_told_apart_from_a_slow_target() {
    let _alone = alone();
    let service = Permits::start(1_000, Duration::from_millis(40));
    let arguments = "--find-limit p95<250ms --max-users 4 --precision 50% --run-time 4m";
    let (_, report) = search("Plain", &service.url(), arguments);
    let capacity = &report["capacity"];
    assert_eq!(capacity["limited_by"], "max_users", "{capacity:#}");
    let low = capacity["bracket"][0].as_f64().expect("a number");
    // Four users at 25 a second each; the next lower level that was tried is 80.
    assert!((60.0..=101.0).contains(&low), "{capacity:#}");
}
