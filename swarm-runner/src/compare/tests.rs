//! Which files are compared with which, and how a comparison is shown.

use super::sides::split;
use super::tables::{markdown, text};
use super::{Arguments, percent};
use clap::CommandFactory as _;
use std::path::PathBuf;
use swarm_core::compare::{Change, Compared, Comparison, Verdict};
use swarm_core::stats::Kind;
use swarm_core::threshold::Measure;

fn paths(names: &str) -> Vec<PathBuf> {
    names.split_whitespace().map(PathBuf::from).collect()
}

#[test]
fn names_say_what_is_before_and_what_is_after() {
    for (files, after, expected) in [
        ("a.json b.json", "", Some(("a.json", "b.json"))),
        ("run-1.json run-2.json", "", Some(("run-1.json", "run-2.json"))),
        ("old1.json old2.json new1.json", "", Some(("old1.json old2.json", "new1.json"))),
        ("x/r-1.json x/r-2.json y/r-1.json", "", Some(("x/r-1.json x/r-2.json", "y/r-1.json"))),
        ("a.json b.json", "c.json", Some(("a.json b.json", "c.json"))),
        ("a.json", "", None),
        ("a.json b.json c.json", "", None),
        ("a1.json a2.json a3.json", "", None),
    ] {
        let sides = split(paths(files), paths(after));
        let expected = expected.map(|(before, after)| (paths(before), paths(after)));
        assert_eq!(sides.ok(), expected, "{files} {after}");
    }
    let error = split(paths("a1.json b1.json c1.json"), Vec::new()).expect_err("three names");
    assert!(error.to_string().contains("the names are: a, b, c"), "{error}");
}

#[test]
fn margins_are_percent() {
    assert_eq!([percent("5%"), percent("2.5")], [Ok(0.05), Ok(0.025)]);
    assert!(["-1%", "5ms", ""].iter().all(|text| percent(text).is_err()));
}

fn entry(name: &str, verdict: Verdict, p95: [f64; 2]) -> Compared {
    let change = |measure, [before, after]: [f64; 2], change, verdict| Change {
        measure,
        before,
        after,
        change,
        smallest: 7.3,
        chance: 0.001,
        verdict,
    };
    let by = (p95[1] / p95[0] - 1.0) * 100.0;
    let same = Verdict::NoDifference;
    Compared {
        kind: Some(Kind::Http),
        method: "GET".to_owned(),
        name: name.to_owned(),
        verdict,
        why: None,
        changes: vec![
            change(Measure::Rps, [120.0, 121.3], 1.1, same),
            change(Measure::Failures, [0.0, 0.02], 0.02, same),
            change(Measure::Percentile(50.0), [12.0, 12.1], 0.8, same),
            change(Measure::Percentile(95.0), p95, by, verdict),
            change(Measure::Percentile(99.0), [120.0, 118.0], -1.7, same),
        ],
    }
}

fn comparison() -> Comparison {
    let all = Compared { kind: None, ..entry("", Verdict::NoDifference, [64.0, 65.1]) };
    let why = "a run has only 12 requests of it: 100 are needed";
    let rare = Compared {
        verdict: Verdict::NotComparable,
        why: Some(why.to_owned()),
        changes: Vec::new(),
        ..entry("/rare|odd", Verdict::NotComparable, [1.0, 1.0])
    };
    Comparison {
        runs: [5, 2],
        margin: 5.0,
        indicative: true,
        not_comparable: Vec::new(),
        all: Some(Compared { method: String::new(), ..all }),
        entries: vec![
            entry("/", Verdict::NoDifference, [40.0, 40.4]),
            entry("/item/{id}", Verdict::Worse, [64.0, 71.9]),
            rare,
            entry("/search", Verdict::Better, [310.0, 250.0]),
        ],
    }
}

#[test]
fn a_table_for_the_terminal() {
    insta::assert_snapshot!(text(&comparison()));
}

#[test]
fn a_table_for_a_pull_request() {
    insta::assert_snapshot!(markdown(&comparison()));
}

#[test]
fn a_comment_has_room_for_it_however_much_there_is_and_nothing_in_it_is_markup() {
    let name = |number: usize| format!("@all [link](x) <b> {number} {}", "_".repeat(1_000));
    let mut comparison = comparison();
    comparison.entries = (0..5_000)
        .map(|number| match number % 2 {
            0 => entry(&name(number), Verdict::Worse, [1.0, 2.0]),
            _ => Compared {
                why: Some("why".to_owned()),
                ..entry(&name(number), Verdict::NotComparable, [1.0, 1.0])
            },
        })
        .collect();
    let text = markdown(&comparison);
    assert!(text.len() < 65_536, "{}", text.len());
    assert_eq!(text.matches("**worse**").count(), 30);
    assert!(text.contains("\n4970 other rows are left out.\n"), "{text}");
    assert!(text.contains("\nand 2490 more  \n"), "{text}");
    assert!(!text.contains(['@', '[', '_']) && !text.contains("<b>"), "{text}");
}

#[test]
fn what_can_not_be_compared_has_no_table() {
    let why = "the loads differ: 5 users and 9 users".to_owned();
    let comparison =
        Comparison { not_comparable: vec![why], all: None, entries: Vec::new(), ..comparison() };
    let line = "not comparable: the loads differ: 5 users and 9 users (exit code 2)\n";
    assert_eq!(text(&comparison), line);
}

#[test]
fn the_help_fits_a_screen() {
    let help = Arguments::command().render_help().to_string();
    assert!(help.lines().count() <= 50 && help.lines().all(|line| line.chars().count() <= 100));
}
