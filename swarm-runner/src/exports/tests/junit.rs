//! JUnit XML, read by another parser, and held against the schema that Jenkins' xUnit plugin publishes (junit-10.xsd).

use crate::exports::junit::text;
use crate::sample_report::report;
use proptest::prelude::*;
use roxmltree::{Document, Node};
use swarm_core::judge::Validity;
use swarm_core::judge::search::{Capacity, LimitedBy};
use swarm_core::plan::{FindLimit, Unit};
use swarm_core::report::Report;

/// The cases of a suite: name, and message of the failure if it failed.
fn cases(xml: &str, suite: &str) -> Vec<(String, Option<String>)> {
    let document = Document::parse(xml).expect("well-formed");
    let is_it = |node: &Node<'_, '_>| node.attribute("name") == Some(suite);
    let suites = document.root_element().children().filter(Node::is_element);
    let cases = suites.filter(is_it).flat_map(|suite| suite.children().filter(Node::is_element));
    let read = |case: Node<'_, '_>| {
        let failure = case.children().find(|child| child.has_tag_name("failure"));
        let name = case.attribute("name").expect("required").to_owned();
        (name, failure.map(|it| it.attribute("message").expect("given").to_owned()))
    };
    cases.map(read).collect()
}

/// The rules of the schema: which element stands in which, which attributes it has, and what they say.
fn check(node: Node<'_, '_>) {
    let children: &[&str] = match node.tag_name().name() {
        "testsuites" => &["testsuite"],
        "testsuite" => &["testcase"],
        "testcase" => &["failure"],
        _ => &[],
    };
    let (required, allowed): (&[&str], &[&str]) = match node.tag_name().name() {
        "testsuites" => (&[], &["name", "time", "tests", "failures", "errors"]),
        "testsuite" => (&["name", "tests", "failures", "errors"], &["time", "timestamp"]),
        "testcase" => (&["name"], &["time", "classname"]),
        "failure" => (&[], &["type", "message"]),
        other => panic!("no element of JUnit: {other}"),
    };
    for attribute in node.attributes() {
        let name = attribute.name();
        assert!(required.contains(&name) || allowed.contains(&name), "{name}");
        match name {
            "time" => assert!(attribute.value().parse::<f64>().expect("a number") >= 0.0),
            "timestamp" => assert_eq!(attribute.value().len(), "2026-11-23T20:18:31".len()),
            _ => {}
        }
    }
    assert!(required.iter().all(|name| node.attribute(*name).is_some()));
    for child in node.children().filter(Node::is_element) {
        assert!(children.contains(&child.tag_name().name()));
        check(child);
    }
    for (sum, element) in [("tests", "testcase"), ("failures", "failure")] {
        if let Some(told) = node.attribute(sum) {
            let counted = node.descendants().filter(|it| it.has_tag_name(element)).count();
            assert_eq!(told.parse(), Ok(counted), "{sum}");
        }
    }
}

fn checked(report: &Report) -> String {
    let xml = text(report);
    check(Document::parse(&xml).expect("well-formed").root_element());
    xml
}

fn passed(name: &str) -> (String, Option<String>) {
    (name.to_owned(), None)
}

fn failed(name: &str, message: &str) -> (String, Option<String>) {
    (name.to_owned(), Some(message.to_owned()))
}

#[test]
fn a_case_fails_for_what_makes_the_run_fail() {
    let mut report = report();
    let failing = [
        passed("failures < 1%"),
        failed("p95 < 250ms over 30s", "measured 950.3ms, demanded p95 < 250ms over 30s"),
        failed("p95(\"GET /nope\") < 1s", "nothing was measured, demanded p95(\"GET /nope\") < 1s"),
    ];
    let xml = checked(&report);
    assert_eq!(cases(&xml, "thresholds"), failing);
    assert_eq!(
        cases(&xml, "run"),
        [failed("outcome", "exit code 1"), passed("measurement is valid")]
    );
    let requests = |report: &Report| {
        let all = cases(&checked(report), "requests");
        assert_eq!(all.len(), report.requests.len());
        all.into_iter().filter(|(_, failure)| failure.is_some()).collect::<Vec<_>>()
    };
    let checkout = failed("POST /checkout", "10 of 10 requests failed");
    assert_eq!(requests(&report), [checkout]);
    let document = Document::parse(&xml).expect("well-formed");
    let failure = document.descendants().find(|it| it.attribute("type") == Some("swarm.requests"));
    let cause = "10 times: 500 Internal Server Error\n";
    assert_eq!(failure.and_then(|it| it.text()), Some(cause));

    // A threshold decides about them, an exit code says that they don't matter, a search has judged them.
    let mut covered = report.clone();
    covered.run.spec.thresholds =
        report.thresholds.iter().map(|entry| entry.expression.clone()).collect();
    assert_eq!(requests(&covered), []);
    report.run.spec.exit_code_on_error = 0;
    assert_eq!(requests(&report), []);
}

#[test]
fn times_are_seconds() {
    let report = report();
    let xml = checked(&report);
    let document = Document::parse(&xml).expect("well-formed");
    let find = |name: &str| document.descendants().find(|it| it.attribute("name") == Some(name));
    let time = |name: &str| find(name).and_then(|it| it.attribute("time")).expect("timed");
    assert_eq!((time("outcome"), time("POST /checkout")), ("10.040000", "0.000420"));
    let mean: f64 = time("GET /item/{id}").parse().expect("a number");
    assert!((mean - 0.5).abs() < 0.001, "1 to 1,000 ms: {mean}");
}

#[test]
fn an_invalid_measurement_and_a_limit_that_is_too_low_fail() {
    let mut report = report();
    report.outcome.validity = Validity::Invalid;
    let expected = Some("> 200/s".parse().expect("a limit"));
    report.run.spec.find_limit = Some(FindLimit { expected, ..FindLimit::new(Vec::new()) });
    let mut capacity = Capacity {
        unit: Unit::Rate,
        bracket: [Some(190.0), Some(199.0)],
        interval: None,
        limited_by: Some(LimitedBy::Target),
        broke_first: None,
        knee: None,
        levels: Vec::new(),
        note: None,
    };
    report.capacity = Some(capacity.clone());
    let run = cases(&checked(&report), "run");
    let invalid = failed("measurement is valid", "the measurement is invalid");
    assert_eq!(run[1..], [invalid, failed("limit > 200/s", "demanded > 200/s")]);
    capacity.bracket[0] = Some(200.0);
    report.capacity = Some(capacity);
    assert_eq!(cases(&checked(&report), "run")[2], passed("limit > 200/s"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    /// Whatever a name is made of, it is read back; only what XML can't hold is replaced.
    #[test]
    fn any_name_is_read_back(name in "\\PC{0,9}[<>&\"'\\]\\t\\n\\r\u{0}\u{1b}\u{fffe}😀]{0,9}.{0,5}") {
        let mut report = report();
        report.requests.truncate(1);
        report.requests[0].name = name.clone();
        let kept = |letter: char| match letter {
            '\t' | '\n' | '\r' => letter,
            '\0'..'\u{20}' | '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
            _ => letter,
        };
        let expected: String = format!("{} {name}", report.requests[0].method).chars().map(kept).collect();
        prop_assert_eq!(&cases(&checked(&report), "requests")[0].0, &expected);
    }
}

#[test]
fn what_closes_elements_and_sections_is_text() {
    let mut report = report();
    let hostile = "]]></failure></testcase><!-- & \"' \u{0}\u{8}";
    report.failures[0].error = hostile.to_owned();
    let xml = checked(&report);
    assert!(!xml.contains("]]>") && !xml.contains("<!--"));
}
