//! The result as JUnit XML, as CI systems read it.
//!
//! Cases fail where the exit code does: a threshold that failed; an entry with failed requests that no threshold decides about, unless `--exit-code-on-error 0` or a
//! search for a limit says that they don't matter; and the suite `run`, whose case `outcome` fails whenever the exit code is not 0, so that nothing that makes a
//! run fail is missing. The time of an entry is its mean response time.

use std::fmt::Write as _;
use swarm_core::judge::{ThresholdEntry, Thresholds, Validity, exit_code};
use swarm_core::report::Report;
use swarm_core::stats::{FailureEntry, Kind, RequestEntry};

/// Causes of failures that are told of an entry.
const MOST_CAUSES: usize = 20;

/// A test case.
struct Case {
    name: String,
    seconds: f64,
    /// Why it failed, in a line, and more about it.
    failure: Option<(String, String)>,
}

/// The whole file.
pub(super) fn text(report: &Report) -> String {
    let suites =
        [("thresholds", thresholds(report)), ("requests", requests(report)), ("run", run(report))];
    let started = report.run.started_at.to_string();
    // The schemas of JUnit know no zone: UTC is what it is.
    let started = started.split('.').next().unwrap_or_default();
    let mut inner = String::new();
    for (name, cases) in suites.iter().filter(|(_, cases)| !cases.is_empty()) {
        let of = format!("swarm.{name}");
        let mut body = match *name {
            "run" => properties(report),
            _ => String::new(),
        };
        for Case { name, seconds, failure } in cases {
            let failure = failure.as_ref().map(|(message, more)| {
                element("failure", &[("type", &of), ("message", message)], &escaped(more))
            });
            let case = [("name", name.as_str()), ("classname", &of), ("time", &time(*seconds))];
            body += &element("testcase", &case, &failure.unwrap_or_default());
        }
        let [tests, failures, seconds] = sums(cases.iter());
        let about = [("name", *name), ("tests", &tests), ("failures", &failures)];
        let more = [("errors", "0"), ("time", &seconds), ("timestamp", started)];
        inner += &element("testsuite", &[about, more].concat(), &format!("\n{body}"));
    }
    let [tests, failures, seconds] = sums(suites.iter().flat_map(|(_, cases)| cases));
    let name = report.run.spec.name.as_deref().unwrap_or("swarm");
    let about = [("name", name), ("tests", &tests), ("failures", &failures)];
    let all = [&about[..], &[("errors", "0"), ("time", &seconds)]].concat();
    let all = element("testsuites", &all, &format!("\n{inner}"));
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{all}")
}

/// What people noted of the run.
fn properties(report: &Report) -> String {
    let Some(notes) = &report.run.spec.notes else { return String::new() };
    let notes = element("property", &[("name", "notes"), ("value", notes)], "");
    element("properties", &[], &format!("\n{notes}"))
}

/// A case for each threshold.
fn thresholds(report: &Report) -> Vec<Case> {
    let case = |entry: &ThresholdEntry| {
        let failure = (!entry.passed).then(|| {
            let measured = match entry.value {
                Some(_) => format!("measured {}", entry.value_text()),
                None => "nothing was measured".to_owned(),
            };
            let more = match entry.first_failed_s {
                Some(first) => format!(
                    "It failed first {first} s after the start, and for {} s in all.",
                    entry.failed_for_s
                ),
                None => "There was not enough to judge.".to_owned(),
            };
            (format!("{measured}, demanded {}", entry.expression), more)
        });
        Case { name: entry.expression.to_string(), seconds: 0.0, failure }
    };
    report.thresholds.iter().map(case).collect()
}

/// A case for each entry of requests.
fn requests(report: &Report) -> Vec<Case> {
    let spec = &report.run.spec;
    let judged = Thresholds::new(&spec.thresholds, spec.count_logins);
    let matters = spec.exit_code_on_error != exit_code::PASSED && spec.find_limit.is_none();
    let case = |entry: &RequestEntry| {
        let RequestEntry { kind, method, name, totals, .. } = entry;
        // Steps fail because requests in them do, which count by themselves.
        let counts = *kind != Kind::Step && !judged.cover_request(*kind, method, name);
        let failed = totals.failures > 0 && counts && matters;
        let failure = failed.then(|| {
            let message = format!("{} of {} requests failed", totals.failures, totals.requests);
            (message, causes(report, entry))
        });
        let seconds = totals.response_time_ms.mean.unwrap_or_default() / 1_000.0;
        Case { name: format!("{method} {name}"), seconds, failure }
    };
    report.requests.iter().map(case).collect()
}

/// Why requests of an entry failed, the most frequent cause first.
fn causes(report: &Report, entry: &RequestEntry) -> String {
    let same = |one: &&FailureEntry| one.method == entry.method && one.name == entry.name;
    let causes = report.failures.iter().filter(same);
    let mut text = String::new();
    for cause in causes.clone().take(MOST_CAUSES) {
        let _ = writeln!(text, "{} times: {}", cause.occurrences, cause.error);
    }
    match causes.count().saturating_sub(MOST_CAUSES) {
        0 => {}
        left => drop(writeln!(text, "and {left} other causes")),
    }
    text
}

/// Cases about the run as a whole.
fn run(report: &Report) -> Vec<Case> {
    let outcome = &report.outcome;
    let failure = (outcome.exit_code != exit_code::PASSED)
        .then(|| (format!("exit code {}", outcome.exit_code), outcome.reasons.join("\n")));
    let seconds = report.run.duration_s;
    let mut cases = vec![Case { name: "outcome".to_owned(), seconds, failure }];
    let failure = (outcome.validity == Validity::Invalid)
        .then(|| ("the measurement is invalid".to_owned(), outcome.health.reasons.join("\n")));
    cases.push(Case { name: "measurement is valid".to_owned(), seconds: 0.0, failure });
    let expected = report.run.spec.find_limit.as_ref().and_then(|search| search.expected);
    if let (Some(expected), Some(capacity)) = (expected, &report.capacity) {
        let code = capacity.exit_code(Some(expected.at_least));
        let failure = (code != exit_code::PASSED)
            .then(|| (format!("demanded {expected}"), capacity.to_string()));
        cases.push(Case { name: format!("limit {expected}"), seconds: 0.0, failure });
    }
    cases
}

/// How many there are, how many failed, and their seconds.
fn sums<'a>(cases: impl Iterator<Item = &'a Case>) -> [String; 3] {
    let (mut count, mut failed, mut seconds) = (0, 0, 0.0);
    for case in cases {
        count += 1;
        failed += usize::from(case.failure.is_some());
        seconds += case.seconds;
    }
    [count.to_string(), failed.to_string(), time(seconds)]
}

fn time(seconds: f64) -> String {
    format!("{seconds:.6}")
}

/// An element in a line of its own, or more; what is in it is XML.
fn element(name: &str, attributes: &[(&str, &str)], inner: &str) -> String {
    let mut text = format!("<{name}");
    for (attribute, value) in attributes {
        let _ = write!(text, " {attribute}=\"{}\"", escaped(value));
    }
    let _ = match inner {
        "" => writeln!(text, "/>"),
        inner => writeln!(text, ">{inner}</{name}>"),
    };
    text
}

/// A text as it may stand in XML. What XML has no way to write becomes U+FFFD.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            // Else attributes would have blanks there.
            '\t' | '\n' | '\r' => drop(write!(out, "&#{};", u32::from(letter))),
            '\0'..=' ' if letter != ' ' => out.push(char::REPLACEMENT_CHARACTER),
            '\u{fffe}' | '\u{ffff}' => out.push(char::REPLACEMENT_CHARACTER),
            plain => out.push(plain),
        }
    }
    out
}
