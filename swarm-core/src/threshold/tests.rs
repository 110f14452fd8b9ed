//! What is read, what is refused and where, and that what is written is read back.

use super::{Comparison, Measure, Subject, Threshold, parse_list};
use proptest::prelude::*;
use std::time::Duration;

fn parse(text: &str) -> Threshold {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn what_people_write_is_read() {
    use Measure::{Failures, Mean, Percentile, Rps};
    let (get, buy) = (Subject::request("GET", "/a b"), Subject::task("Shopper", "buy"));
    let nested = Subject::task("Shopper", "forum::read");
    let class = Subject::Class("Shopper".to_owned());
    let odd = Subject::request("SQL", r#"say "\""#);
    for (text, measure, subject, comparison, bound) in [
        ("p95 < 250ms", Percentile(95.0), Subject::All, Comparison::Below, 250.0),
        ("p95<250ms", Percentile(95.0), Subject::All, Comparison::Below, 250.0),
        (" p99.9 <= 1.5s ", Percentile(99.9), Subject::All, Comparison::AtMost, 1_500.0),
        ("p0 > 0.25ms", Percentile(0.0), Subject::All, Comparison::Above, 0.25),
        ("p100 < 1m30s", Percentile(100.0), Subject::All, Comparison::Below, 90_000.0),
        ("max < 1h", Percentile(100.0), Subject::All, Comparison::Below, 3_600_000.0),
        ("median < 1ms", Percentile(50.0), Subject::All, Comparison::Below, 1.0),
        ("mean >= 0ms", Mean, Subject::All, Comparison::AtLeast, 0.0),
        ("failures < 1%", Failures, Subject::All, Comparison::Below, 1.0),
        ("failures <= 0.05 %", Failures, Subject::All, Comparison::AtMost, 0.05),
        ("rps > 200", Rps, Subject::All, Comparison::Above, 200.0),
        (r#"p95("GET /a b") < 1s"#, Percentile(95.0), get, Comparison::Below, 1_000.0),
        (r#"failures ( "Shopper::buy" ) < 2%"#, Failures, buy, Comparison::Below, 2.0),
        (r#"mean("Shopper::forum::read") < 1s"#, Mean, nested, Comparison::Below, 1_000.0),
        (r#"rps("Shopper") >= 0.5"#, Rps, class, Comparison::AtLeast, 0.5),
        (r#"rps("SQL say \"\\\"") > 1"#, Rps, odd, Comparison::Above, 1.0),
    ] {
        let expected = Threshold { measure, subject, comparison, bound, over: None, abort: false };
        assert_eq!(parse(text), expected, "{text}");
    }
    for (end, over, abort) in [
        (" over 30s", Some(30), false),
        (" over 1m30s abort", Some(90), true),
        (" over 600", Some(600), false),
        (" abort ", None, true),
    ] {
        let threshold = parse(&format!("p95 < 1s{end}"));
        assert_eq!((threshold.over, threshold.abort), (over.map(Duration::from_secs), abort));
    }
}

#[test]
fn a_list_is_separated_by_commas() {
    let list = parse_list(r#"p95 < 250ms,failures("GET /a,b")<1% over 30s abort , rps > 2"#);
    let list: Vec<String> = list.expect("valid").iter().map(ToString::to_string).collect();
    assert_eq!(list, ["p95 < 250ms", r#"failures("GET /a,b") < 1% over 30s abort"#, "rps > 2"]);
}

#[test]
fn a_mistake_is_pointed_at_with_what_was_expected() {
    // The caret stands below the `~`, which is not part of the text.
    for (marked, expected) in [
        ("~", "a measure: `p95`"),
        ("  ~", "a measure"),
        ("~p < 1s", "a measure"),
        ("~latency < 1s", "a measure"),
        ("~p101 < 1s", "a percentile from `p0` to `p100`"),
        ("~p9.9.9 < 1s", "a percentile"),
        ("p95~", "a comparison: `<`, `<=`, `>` or `>=`, or a name as in `(\"GET /\")`"),
        ("p95 ~= 1s", "a comparison"),
        ("p95 (~GET /) < 1s", "a name in double quotes"),
        ("p95(\"GET /~", "`\"` after the name"),
        ("p95(\"GET /\\~n\") < 1s", "`\"` or `\\` after `\\`"),
        ("p95(\"GET /\" ~< 1s", "`)`"),
        ("p95(\"GET /\") ~250ms", "a comparison: `<`, `<=`, `>` or `>="),
        ("p95(\"~\") < 1s", "a request as `GET /`, a task as `Shopper::buy`, or a class"),
        ("p95(\"~GET \") < 1s", "a request"),
        ("p95(\"~::buy\") < 1s", "a request"),
        ("p95 < 250~", "a unit, as in `250ms` or `1.5s`"),
        ("p95 < 250~ ms", "a unit"),
        ("p95 < ~", "a time of at most `1h`"),
        ("p95 < 1~%", "a unit"),
        ("p95 < ~-1s", "a time"),
        ("p95 < ~61m", "a time"),
        ("p95 < ~250sec", "a time"),
        ("failures < 1~", "`%`, as in `1%`"),
        ("failures < 1~ms", "`%`"),
        ("failures < ~few", "a percentage"),
        ("failures < ~101%", "a percentage of at most `100%`"),
        ("rps > ~many", "a number per second"),
        ("rps > ~1.2.3", "a number per second"),
        ("rps > 200~/s", "`over`, `abort` or the end"),
        ("p95 < 1s ~for 3s", "`over`, `abort` or the end"),
        ("p95 < 1s over ~", "a window of whole seconds and at most `10m`"),
        ("p95 < 1s over ~0s", "a window"),
        ("p95 < 1s over ~1.5s", "a window"),
        ("p95 < 1s over ~11m", "a window"),
        ("p95 < 1s over 3s ~stop", "`abort` or the end"),
        ("p95 < 1s abort ~over 3s", "the end"),
        ("p95 < 1s~, failures < 1%", "`over`, `abort` or the end"),
        ("p95(\"GET /größe\") ~! 1s", "a comparison"),
    ] {
        let text = marked.replacen('~', "", 1);
        let before = marked.split('~').next().unwrap_or_default().chars().count();
        let error = text.parse::<Threshold>().expect_err(marked).to_string();
        let lines: Vec<&str> = error.lines().collect();
        assert!(lines[0].starts_with(&format!("expected {expected}")), "{marked}\n{error}");
        assert_eq!(lines[1..], [format!("  {text}"), format!("  {:before$}^", "")], "{marked}");
    }
    let error = parse_list("p95 < 1s,\tp90 1s").expect_err("no comparison").to_string();
    assert!(error.ends_with("  p95 < 1s, p90 1s\n                ^"), "{error}");
    let error = parse_list("p95 < 1s;").expect_err("no comma").to_string();
    assert!(error.starts_with("expected `over`, `abort`, `,` or the end"), "{error}");
}

#[test]
fn a_threshold_is_a_text_in_json() {
    let threshold = parse(r#"p99("GET /") < 1s"#);
    let json = serde_json::to_string(&threshold).expect("writes");
    assert_eq!(json, r#""p99(\"GET /\") < 1s""#);
    assert_eq!(serde_json::from_str::<Threshold>(&json).expect("reads"), threshold);
    let error = serde_json::from_str::<Threshold>(r#""p95""#).expect_err("no bound");
    assert!(error.to_string().contains("expected a comparison"), "{error}");
}

fn subjects() -> impl Strategy<Value = Subject> {
    prop_oneof![
        Just(Subject::All),
        ("[A-Z]{1,5}", "[^\\p{Cc}]{1,20}")
            .prop_map(|(method, name)| Subject::request(method, name)),
        ("[A-Z][a-z]{0,5}", "[a-z_]{1,9}(::[a-z]{1,5})?")
            .prop_map(|(class, task)| Subject::task(class, task)),
        "[A-Z][a-z_0-9]{0,9}".prop_map(Subject::Class),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        (measure, bound) in prop_oneof![
            (0..=100_000_u32, 0..=3_600_000_000_u64).prop_map(|(percent, micros)| {
                (Measure::Percentile(f64::from(percent) / 1_000.0), micros as f64 / 1_000.0)
            }),
            (0..=3_600_000_u32).prop_map(|ms| (Measure::Mean, f64::from(ms))),
            (0.0..=100.0_f64).prop_map(|percent| (Measure::Failures, percent)),
            (0.0..1e9_f64).prop_map(|rate| (Measure::Rps, rate)),
        ],
        subject in subjects(),
        comparison in prop::sample::select(vec![
            Comparison::Below, Comparison::AtMost, Comparison::Above, Comparison::AtLeast,
        ]),
        over in prop::option::of((1..=600_u64).prop_map(Duration::from_secs)),
        abort: bool,
    ) {
        let threshold = Threshold { measure, subject, comparison, bound, over, abort };
        let text = threshold.to_string();
        prop_assert_eq!(text.parse::<Threshold>(), Ok(threshold.clone()), "{}", text);
        let twice = parse_list(&format!("{text},{text}")).expect("a list");
        prop_assert_eq!(twice, vec![threshold.clone(), threshold]);
    }

    #[test]
    fn no_text_is_a_panic(text in "\\PC{0,40}|[pf9 <>%(\"\\\\)a-z0-9.,é]{0,40}") {
        if let Err(error) = parse_list(&text) {
            prop_assert!(error.to_string().starts_with("expected "));
        }
    }
}
