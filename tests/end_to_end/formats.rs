//! Result files in formats of others, read by programs that are not ours.

use crate::load::{Ended, run};
use crate::programs::{python, python_program, repository};
use crate::server::Server;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

/// What a Python program prints about files of a run: JSON.
fn read(ended: &Ended, program: &str) -> Value {
    let output = python().current_dir(ended.folder()).args(["-c", program]).output();
    let output = output.expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn junitparser_reads_the_verdicts() {
    const READ: &str = "
import json, junitparser
result = junitparser.JUnitXml.fromfile('junit.xml')
suites = {suite.name: {case.name: [(it.type, it.message, it.text) for it in case.result] for case in suite}
          for suite in result}
print(json.dumps([suites, result.tests, result.failures, result.errors]))
";
    let server = Server::start(Duration::ZERO);
    let arguments =
        "-u 3 -r 100 -t 1s -s 5 --threshold p95<10s --threshold rps<0.1 --junit junit.xml";
    let ended = run("Plain,LockedOut", &server, arguments);
    assert_eq!(ended.code, Some(3), "{}", ended.stdout);
    let file = read(&ended, READ);
    let suites = &file[0];
    assert_eq!(suites["thresholds"]["p95 < 10s"], json!([]), "{file}");
    let failed = &suites["thresholds"]["rps < 0.1"][0];
    assert_eq!(failed[0], "swarm.thresholds");
    assert!(
        failed[1].as_str().is_some_and(|why| why.ends_with(", demanded rps < 0.1")),
        "{failed}"
    );
    assert_eq!(suites["requests"]["GET /"], json!([]), "{file}");
    let failures = ended.number("/totals/failures");
    let login = &suites["requests"]["GET /login"][0];
    assert_eq!(login[1], format!("{failures} of {failures} requests failed"));
    assert_eq!(login[2], format!("{failures} times: 404 Not Found\n"));
    let outcome = &suites["run"]["outcome"][0];
    assert_eq!(outcome[1], "exit code 3");
    let reasons = ended.report["outcome"]["reasons"].as_array().expect("a list");
    let reasons: Vec<&str> = reasons.iter().filter_map(Value::as_str).collect();
    assert_eq!(outcome[2], reasons.join("\n"));
    assert_eq!(suites["run"]["measurement is valid"], json!([]));
    assert_eq!(file.as_array().expect("a list")[1..], [json!(6), json!(3), json!(0)]);
}

/// What a cell of a table looks like to who parses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Shape {
    Empty,
    Whole,
    Fraction,
    /// In UTC, without fractions.
    Second,
    Text,
}

impl Shape {
    fn of(cell: &str) -> Self {
        let digits = |text: &str| !text.is_empty() && text.chars().all(|it| it.is_ascii_digit());
        let pattern: String =
            cell.chars().map(|it| if it.is_ascii_digit() { '0' } else { it }).collect();
        match cell.split_once('.') {
            None if cell.is_empty() => Self::Empty,
            None if digits(cell) => Self::Whole,
            Some((whole, part)) if digits(whole) && digits(part) => Self::Fraction,
            _ if pattern == "0000-00-00T00:00:00Z" => Self::Second,
            _ => Self::Text,
        }
    }
}

/// A file of a run: its header, and its rows.
struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn read(folder: &Path, name: &str) -> Self {
        let mut reader = csv::Reader::from_path(folder.join(name)).expect(name);
        let texts = |row: &csv::StringRecord| row.iter().map(str::to_owned).collect::<Vec<_>>();
        let header = texts(reader.headers().expect("a header"));
        let rows = reader.records().map(|row| texts(&row.expect("as long as its header")));
        Self { header, rows: rows.collect() }
    }

    fn column(&self, title: &str) -> impl Iterator<Item = &str> {
        let at = self.header.iter().position(|it| it == title);
        let at = at.unwrap_or_else(|| panic!("no {title} in {:?}", self.header));
        self.rows.iter().map(move |row| row[at].as_str())
    }

    fn shapes(&self, title: &str) -> BTreeSet<Shape> {
        self.column(title).map(Shape::of).collect()
    }
}

/// Runs Locust with `tests/python/locustfile.py` in a folder.
fn run_locust(folder: &Path, server: &Server) {
    let file = repository("tests/python/locustfile.py");
    let mut locust = python_program("locust");
    locust.current_dir(folder).env("PYTHONDONTWRITEBYTECODE", "1").arg("-f").arg(file);
    locust.args(["--headless", "-H", &server.url(), "-u", "3", "-r", "100", "-t", "60s"]);
    let output = locust.args(["--csv", "run", "--csv-full-history"]).output().expect("it starts");
    let log = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "as requests failed: {log}");
}

#[test]
fn locust_writes_the_same_tables() {
    let ours = Server::start(Duration::ZERO);
    let arguments = "-u 3 -r 100 --user-iterations 20 --csv run --csv-full-history";
    let ended = run("Plodder", &ours, arguments);
    let theirs = Server::start(Duration::ZERO);
    let folder = tempfile::tempdir().expect("a folder");
    run_locust(folder.path(), &theirs);
    assert_eq!((ours.received(), theirs.received()), (120, 120), "{}", ended.stderr);

    let tables = |name: &str| {
        let (mine, other) = (Table::read(ended.folder(), name), Table::read(folder.path(), name));
        assert_eq!(mine.header, other.header, "{name}");
        for title in &mine.header {
            let (mine, other) = (mine.shapes(title), other.shapes(title));
            assert!(
                !mine.is_empty() && mine.is_subset(&other),
                "{name} {title}: {mine:?} {other:?}"
            );
        }
        (mine, other)
    };
    let same = |name: &str, titles: &[&str]| {
        let (mine, other) = tables(name);
        for title in titles {
            assert!(mine.column(title).eq(other.column(title)), "{name}: {title}");
        }
    };
    let sums = ["Type", "Name", "Request Count", "Failure Count", "Average Content Size"];
    same("run_stats.csv", &sums);
    same("run_failures.csv", &["Method", "Name", "Occurrences"]);
    same("run_exceptions.csv", &["Count", "Message", "Nodes"]);
    let (mine, other) = tables("run_stats_history.csv");
    for title in ["Type", "Name", "Total Request Count", "Total Failure Count"] {
        let end = |table: &Table| {
            let column: Vec<String> = table.column(title).map(str::to_owned).collect();
            column[column.len() - 3..].to_vec()
        };
        assert_eq!(end(&mine), end(&other), "{title}");
    }
    for rate in mine.column("Requests/s").chain(other.column("Requests/s")) {
        assert_eq!(rate.split_once('.').map(|(_, part)| part.len()), Some(6), "{rate}");
    }
}

#[test]
fn a_reader_of_locusts_files_reads_ours() {
    const READ: &str = "
import json, locust_csv2openmetrics
from prometheus_client.openmetrics.parser import text_string_to_metric_families
locust_csv2openmetrics.main(['run_stats.csv', '-o', 'metrics.txt', '-l', 'run=1'])
families = text_string_to_metric_families(open('metrics.txt').read())
print(json.dumps({sample.name: sample.value for family in families for sample in family.samples}))
";
    let server = Server::start(Duration::from_millis(12));
    let ended = run("Plodder", &server, "-u 3 -r 100 --user-iterations 10 --csv run");
    let read = read(&ended, READ);
    assert_eq!(read["locust_failures_ratio"], 0.5);
    assert_eq!(read["locust_requests_per_second"], ended.report["totals"]["rps"]);
    let times = &ended.report["totals"]["response_time_ms"];
    for name in ["p50", "p95"] {
        let ms = format!("{:.0}", times[name].as_f64().expect("a time"));
        let seconds = ms.parse::<f64>().expect("a number") / 1_000.0;
        assert_eq!(read[format!("locust_response_time_{name}_seconds")], seconds, "{times}");
    }
}
