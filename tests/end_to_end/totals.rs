//! All that tells how many requests there were tells the same as the target counted.

use crate::load::{Ended, load_test, start_page};
use crate::programs::python;
use crate::server::Server;
use crate::web::Page;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// Requests and failures by method and name, and of all: `GET (auth) /session`, `Aggregated`.
type Counts = BTreeMap<String, [u64; 2]>;

fn number(text: &str) -> u64 {
    text.replace(',', "").parse().unwrap_or_else(|_| panic!("no number: {text}"))
}

fn key(kind: &str, method: &str, name: &str) -> String {
    if kind == "auth" { format!("{method} (auth) {name}") } else { format!("{method} {name}") }
}

/// The rows of a report, in whatever file it stands.
fn of_report(report: &Value) -> Counts {
    let counts =
        |row: &Value| ["requests", "failures"].map(|field| row[field].as_u64().expect("a number"));
    let rows = report["requests"].as_array().expect("a list").iter().map(|row| {
        let text = |field: &str| row[field].as_str().expect("a text");
        (key(text("kind"), text("method"), text("name")), counts(row))
    });
    rows.chain([("Aggregated".to_owned(), counts(&report["totals"]))]).collect()
}

fn of_html(ended: &Ended) -> Counts {
    let file = ended.file("run.html");
    let (_, data) = file.split_once(r#"<script type="application/json" id="report">"#).expect("it");
    let (data, _) = data.split_once("</script>").expect("its end");
    let data: Value = serde_json::from_str(data).expect("JSON");
    of_report(&data["report"])
}

/// The first table: `GET /  20  0(0.00%) | …`.
fn of_console(ended: &Ended) -> Counts {
    let rows = ended.stdout.split("\n\n").next().unwrap_or_default().lines();
    rows.filter(|line| line.contains("%)"))
        .map(|line| {
            let (row, _) = line.split_once('|').expect("columns");
            let words: Vec<&str> = row.split_whitespace().collect();
            let [name @ .., requests, failures] = &words[..] else { panic!("{line}") };
            let (failures, _) = failures.split_once('(').expect("failures, and their share");
            (name.join(" "), [number(requests), number(failures)])
        })
        .collect()
}

/// Locust's tables don't tell logins from other requests.
fn of_csv(ended: &Ended, names: &Counts) -> Counts {
    let stats = ended.file("run_stats.csv");
    let mut reader = csv::Reader::from_reader(stats.as_bytes());
    let mut counts: Counts = reader
        .records()
        .map(|row| {
            let row = row.expect("a row");
            (format!("{} {}", &row[0], &row[1]).trim().to_owned(), [&row[2], &row[3]].map(number))
        })
        .collect();
    for name in names.keys().filter(|name| name.contains(" (auth)")) {
        let found = counts.remove(&name.replace(" (auth)", "")).expect("a row");
        counts.insert(name.clone(), found);
    }
    let failures = ended.file("run_failures.csv");
    let mut reader = csv::Reader::from_reader(failures.as_bytes());
    let failures = reader.records().map(|row| number(&row.expect("a row")[3])).sum::<u64>();
    assert_eq!(failures, counts["Aggregated"][1], "the two tables agree");
    let history = ended.file("run_stats_history.csv");
    let last = history.lines().last().expect("a row");
    let last: Vec<u64> = last.split(',').skip(17).take(2).map(number).collect();
    assert_eq!(last, counts["Aggregated"], "the end of the history");
    counts
}

fn of_markdown(ended: &Ended) -> Counts {
    let file = ended.file("run.md");
    let (_, table) = file.split_once("### Requests\n").expect("a table");
    let rows = table.lines().skip_while(|line| !line.starts_with("|--")).skip(1);
    let rows = rows.take_while(|line| line.starts_with('|'));
    rows.map(|line| {
        let line = ["<code>", "</code>", "*"]
            .iter()
            .fold(line.to_owned(), |it, mark| it.replace(mark, ""));
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let (failures, _) = cells[4].split_once('(').expect("failures, and their share");
        (
            format!("{} {}", cells[1], cells[2]).trim().to_owned(),
            [number(cells[3]), number(failures)],
        )
    })
    .collect()
}

/// The sum is of what counts, as in the other files.
fn of_request_log(ended: &Ended) -> Counts {
    let mut counts = Counts::new();
    for line in ended.file("log.jsonl").lines() {
        let line: Value = serde_json::from_str(line).expect("an object");
        let text = |field: &str| line[field].as_str().expect("a text");
        let key = key(text("kind"), text("method"), text("name"));
        let counted = (text("kind") != "auth").then(|| "Aggregated".to_owned());
        for key in [key].into_iter().chain(counted) {
            let [requests, failures] = counts.entry(key).or_default();
            *requests += 1;
            *failures += u64::from(text("result") == "failed");
        }
    }
    counts
}

/// What Prometheus would collect; the sum is of what counts, as in the other files.
fn of_metrics(page: &Page) -> Counts {
    let mut counts = Counts::new();
    for line in page.send_for_text("GET /metrics", "").1.lines() {
        let Some(line) = line.strip_prefix("swarm_requests_total{") else { continue };
        let (labels, count) = line.rsplit_once("} ").expect("a value");
        let words: Vec<&str> = labels.split('"').collect();
        let [_, kind, _, method, _, name, _, result, ..] = &words[..] else { panic!("{line}") };
        if *result == "interrupted" {
            continue;
        }
        let counted = (*kind != "auth").then(|| "Aggregated".to_owned());
        for key in [key(kind, method, name)].into_iter().chain(counted) {
            let [requests, failures] = counts.entry(key).or_default();
            *requests += number(count);
            *failures += if *result == "failed" { number(count) } else { 0 };
        }
    }
    counts
}

/// Failed requests by case: of those that did not fail JUnit's file has no numbers.
fn of_junit(ended: &Ended) -> BTreeMap<String, String> {
    const READ: &str = "
import json, junitparser
suites = {suite.name: suite for suite in junitparser.JUnitXml.fromfile('run.xml')}
cases = {case.name: ''.join(it.message for it in case.result) for case in suites['requests']}
print(json.dumps(cases))
";
    let output = python().current_dir(ended.folder()).args(["-c", READ]).output().expect("starts");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn all_files_the_console_and_the_target_count_the_same() {
    let server = Server::start(Duration::from_millis(2));
    let arguments = format!(
        "--class Plain,Plodder,Member -H {} --autostart -u 6 -r 100 --user-iterations 10 \
         --json-file result.json --csv run --csv-full-history --html run.html --junit run.xml \
         --summary-md run.md --request-log log.jsonl",
        server.url()
    );
    let mut load = start_page(load_test(), &arguments);
    let page = Page::of(&mut load);
    let last = page.until(|update| update["state"] == "stopped");
    let served = page.get("report");
    let collected = of_metrics(&page);
    load.signal("INT");
    let ended = load.wait();
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);

    // Two users of each: 10 + 20 + 10 requests each, of which 0 + 10 + 5 fail.
    let expected = [
        ("Aggregated", [80, 30]),
        ("GET /", [50, 0]),
        ("GET /missing", [30, 30]),
        ("GET (auth) /session", [2, 0]),
    ];
    let expected: Counts = expected.map(|(name, counts)| (name.to_owned(), counts)).into();
    assert_eq!(server.received(), 82);
    for (source, counts) in [
        ("the JSON file", of_report(&ended.report)),
        ("the API", of_report(&served)),
        ("the metrics", collected),
        ("the page", of_report(&last["report"])),
        ("the HTML file", of_html(&ended)),
        ("the console", of_console(&ended)),
        ("the CSV files", of_csv(&ended, &expected)),
        ("the Markdown file", of_markdown(&ended)),
        ("the request log", of_request_log(&ended)),
    ] {
        assert_eq!(counts, expected, "{source}");
    }
    let failed = |[requests, failures]: [u64; 2]| match failures {
        0 => String::new(),
        _ => format!("{failures} of {requests} requests failed"),
    };
    let cases: BTreeMap<String, String> = expected
        .into_iter()
        .filter(|(name, _)| name != "Aggregated")
        .map(|(name, counts)| (name.replace(" (auth)", ""), failed(counts)))
        .collect();
    assert_eq!(of_junit(&ended), cases);

    // Standard output has the result, and nothing of what is told on the way.
    let told: Vec<&str> = ended.stderr.lines().filter(|line| !line.is_empty()).collect();
    assert!(!told.is_empty() && !ended.stderr.contains("Aggregated"), "{}", ended.stderr);
    for line in ended.stdout.lines() {
        assert!(!told.contains(&line), "on both: {line}");
    }
}
