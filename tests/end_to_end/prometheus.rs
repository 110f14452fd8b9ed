//! What other systems see of a run: a real Prometheus collects it, and the dashboard of Grafana asks that for it.

use crate::load::{Ended, load_test, start, start_page, tested};
use crate::programs::python;
use crate::server::{Server, exchange};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

const OPENMETRICS: &str = "accept: application/openmetrics-text; version=1.0.0\r\n";
/// The hash of `open sesame`.
const HASH: &str = "$2b$04$abcdefghijklmnopqrstuu/LVz6MZlItEy42I2juLihZ66HnQx/cy";

/// A Prometheus of its own, which collects once a second.
struct Prometheus {
    child: Child,
    port: u16,
    _folder: TempDir,
}

impl Prometheus {
    /// Collects from the small server as the job `swarm`, and from the page, where it logs in, as the job `page`.
    fn start(metrics: u16, page: u16) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let configuration = format!(
            r#"
global:
  scrape_interval: 1s
  scrape_timeout: 1s
scrape_configs:
  - job_name: swarm
    static_configs: [{{ targets: ["127.0.0.1:{metrics}"] }}]
  - job_name: page
    basic_auth: {{ username: anna, password: open sesame }}
    static_configs: [{{ targets: ["127.0.0.1:{page}"] }}]
"#
        );
        fs::write(folder.path().join("prometheus.yml"), configuration).expect("writable");
        let mut child = Command::new("prometheus")
            .current_dir(folder.path())
            .args(["--config.file=prometheus.yml", "--storage.tsdb.path=data"])
            .arg("--web.listen-address=127.0.0.1:0")
            .stderr(Stdio::piped())
            .spawn()
            .expect("prometheus is installed: run scripts/install");
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let (mut said, mut port) = (String::new(), None);
        while port.is_none() || !said.contains("ready to receive") {
            let line = lines.next().unwrap_or_else(|| panic!("it ended: {said}")).expect("UTF-8");
            if let Some((_, address)) = line.split_once("msg=\"Listening on\" address=127.0.0.1:") {
                port = address.parse().ok();
            }
            said.push_str(&line);
        }
        // What it says later is read, so that it never waits for that.
        std::thread::spawn(move || lines.count());
        Self { child, port: port.expect("it listens"), _folder: folder }
    }

    /// The data that its API answers with.
    fn get(&self, path: &str) -> Value {
        let (status, body) = get(self.port, path, "");
        assert_eq!(status, 200, "{path}: {body}");
        let mut answer: Value = serde_json::from_str(&body).expect("JSON");
        answer["data"].take()
    }

    /// The samples of an expression, at a time or now: labels, and value.
    fn query(&self, expression: &str, at: Option<f64>) -> Vec<(Value, f64)> {
        let encoded = utf8_percent_encode(expression, NON_ALPHANUMERIC);
        let time = at.map(|at| format!("&time={at}")).unwrap_or_default();
        let data = self.get(&format!("/api/v1/query?query={encoded}{time}"));
        let rows = data["result"].as_array().expect("a list").iter().map(|row| {
            let value = row["value"][1].as_str().and_then(|value| value.parse().ok());
            (row["metric"].clone(), value.unwrap_or_else(|| panic!("no number: {row}")))
        });
        rows.collect()
    }

    /// The one value of an expression.
    fn one(&self, expression: &str) -> f64 {
        match &self.query(expression, None)[..] {
            [(_, value)] => *value,
            other => panic!("{expression}: {other:?}"),
        }
    }

    /// Waits until an expression has a value, and returns when that was.
    fn until(&self, expression: &str) -> f64 {
        for _ in 0..600 {
            if !self.query(expression, None).is_empty() {
                return self.one("vector(time())");
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("never: {expression}; {:?}", self.query("{__name__=~\"up|swarm_run.*\"}", None));
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Status and body of an answer.
fn get(port: u16, path: &str, headers: &str) -> (u16, String) {
    let socket = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
    let request =
        format!("GET {path} HTTP/1.0\r\nhost: localhost\r\n{headers}connection: close\r\n\r\n");
    exchange(socket, &request)
}

/// How often requests of each entry ended how, as the result has it.
fn requests(report: &Value) -> BTreeMap<[String; 4], u64> {
    let mut all = BTreeMap::new();
    for row in report["requests"].as_array().expect("a list") {
        let text = |name: &str| row[name].as_str().expect("a text").to_owned();
        let count = |name: &str| row[name].as_u64().expect("a number");
        let ok = count("requests") - count("failures");
        for (result, count) in
            [("ok", ok), ("failed", count("failures")), ("interrupted", count("interrupted"))]
        {
            all.insert([text("kind"), text("method"), text("name"), result.to_owned()], count);
        }
    }
    all
}

/// The same, as Prometheus has it.
fn collected(prometheus: &Prometheus, job: &str) -> BTreeMap<[String; 4], u64> {
    let rows = prometheus.query(&format!("swarm_requests_total{{job=\"{job}\"}}"), None);
    let row = |(labels, count): (Value, f64)| {
        let text = |name: &str| labels[name].as_str().expect("a label").to_owned();
        (["kind", "method", "name", "result"].map(text), count as u64)
    };
    rows.into_iter().map(row).collect()
}

/// The sum of a number over the rows of a list of the result.
fn sum(report: &Value, list: &str, number: &str) -> f64 {
    let rows = report[list].as_array().expect("a list").iter();
    rows.map(|row| row[number].as_f64().expect("a number")).sum()
}

#[test]
fn prometheus_collects_what_the_result_and_the_target_count_and_the_dashboard_finds_it() {
    let server = Server::start(Duration::from_millis(5));
    let arguments = format!(
        "--class Metered,LockedOut,Clumsy -H {} -u 8 -r 100 -t 9s --autostart --metrics-addr 0 \
        --threshold p95<10s --threshold failures<1% --web-user anna:{HASH} --json-file result.json",
        server.url()
    );
    let mut load = start_page(load_test(), &arguments);
    load.wait_for_line("metrics on http://localhost:");
    let metrics = load.rest_of_line();
    let metrics = metrics.strip_suffix("/metrics").and_then(|port| port.parse().ok());
    let metrics = metrics.expect("a port");
    load.wait_for_line("web page on http://localhost:");
    let prometheus = Prometheus::start(metrics, load.rest_of_line().parse().expect("a port"));
    // By then each rate has seen two samples.
    let middle = prometheus
        .until("rate(swarm_custom_total{job=\"swarm\"}[4s]) > 0 and on () rate(swarm_exceptions_total{job=\"swarm\"}[4s]) > 0");
    prometheus.until("count(swarm_run_state{swarm_run_state=\"stopped\"} == 1) == 2");

    let exposition = get(metrics, "/metrics", OPENMETRICS).1;
    let older = get(metrics, "/metrics", "").1;
    let counted = ["swarm", "page"].map(|job| collected(&prometheus, job));
    let one = |expression: &str| prometheus.one(&expression.replace("{", "{job=\"swarm\", "));
    let in_all = [
        "sum(swarm_request_duration_seconds_count{})",
        "sum(swarm_request_duration_seconds_bucket{le=\"+Inf\"})",
        "sum(swarm_requests_total{result!=\"interrupted\"})",
    ]
    .map(one);
    let sent = one("sum(swarm_wire_attempts_total{outcome=~\"answered|sent_unanswered\"})");
    let runs =
        ["sum(swarm_task_runs_total{})", "sum(swarm_task_duration_seconds_count{})"].map(one);
    let bytes = one("sum(swarm_response_bytes_total{})");
    let works = one("swarm_custom_total{name=\"works\"}");
    let mean = one(
        "sum(swarm_request_duration_seconds_sum{}) / sum(swarm_request_duration_seconds_count{})",
    );
    the_dashboard_finds_all_that_it_asks_for(&prometheus, middle, metrics);
    load.signal("INT");
    let ended = load.wait();

    let report = &ended.report;
    assert_eq!(counted[0], requests(report));
    assert_eq!(counted[1], counted[0], "the page shows the same");
    assert_eq!(in_all, [sum(report, "requests", "requests"); 3]);
    assert_eq!(sent, server.received() as f64, "the target counts the same");
    assert_eq!(runs, [sum(report, "tasks", "runs"); 2]);
    assert_eq!(bytes, sum(report, "requests", "bytes"));
    let row =
        report["metrics"].as_array().expect("a list").iter().find(|row| row["name"] == "works");
    assert_eq!(works, row.expect("counted")["total"].as_f64().expect("a number"));
    assert!((0.005..0.1).contains(&mean), "{mean} s for answers that take 5 ms");
    a_parser_that_is_not_ours_reads_it(&ended, &exposition);
    promtool_has_nothing_to_say(&older);
}

/// Each expression, in place of what Grafana puts into it, gives figures of the time when the run went on.
fn the_dashboard_finds_all_that_it_asks_for(prometheus: &Prometheus, at: f64, port: u16) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/grafana/swarm.json");
    let text = fs::read_to_string(path).expect("a file");
    let dashboard: Value = serde_json::from_str(&text).expect("JSON");
    let read = python().args(["-c", READ_DASHBOARD, &text]).output().expect("it starts");
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));

    let names = |path: &str| -> BTreeSet<String> {
        serde_json::from_value(prometheus.get(path)).expect("a list of texts")
    };
    let metrics = names("/api/v1/label/__name__/values");
    let mut labels = names("/api/v1/labels");
    labels.insert("job".to_owned());
    let panels = dashboard["panels"].as_array().expect("a list").iter();
    let annotations = dashboard["annotations"]["list"].as_array().expect("a list").iter();
    let queries: Vec<&Value> = panels
        .flat_map(|panel| panel["targets"].as_array().into_iter().flatten())
        .chain(annotations.filter(|annotation| annotation["expr"].is_string()))
        .collect();
    assert!(queries.len() > 40, "{}", queries.len());
    for query in queries {
        let expression = query["expr"].as_str().expect("a text");
        let filled = expression
            .replace("$job", "swarm")
            .replace("$instance", &format!("127.0.0.1:{port}"))
            .replace("$name", ".*")
            .replace("$__rate_interval", "4s");
        assert!(!filled.contains('$'), "{filled}");
        let found = prometheus.query(&filled, Some(at));
        assert!(found.iter().any(|(_, value)| value.is_finite()), "{filled}: {found:?}");
        let legend = query["legendFormat"].as_str().unwrap_or_default();
        for label in legend.split("{{").skip(1).filter_map(|part| part.split("}}").next()) {
            assert!(
                found.iter().all(|(labels, _)| labels[label].is_string()),
                "{legend}: {found:?}"
            );
        }
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let words = expression.split(|letter| !is_part(letter));
        for metric in words.filter(|word| word.starts_with("swarm_")) {
            assert!(metrics.contains(metric), "{expression}: {metric} is not shown");
        }
        for label in labels_of(expression) {
            assert!(labels.contains(label), "{expression}: nothing has a label `{label}`");
        }
    }
    for variable in dashboard["templating"]["list"].as_array().expect("a list") {
        let Some(query) = variable["query"]["query"].as_str() else { continue };
        let inner = query.strip_prefix("label_values(").and_then(|rest| rest.strip_suffix(')'));
        let (metric, label) =
            inner.and_then(|it| it.rsplit_once(", ")).expect("a metric and a label");
        let metric = metric.split('{').next().expect("a name");
        assert!(metrics.contains(metric) && labels.contains(label), "{query}");
    }
}

/// The labels that an expression selects or groups by.
fn labels_of(expression: &str) -> Vec<&str> {
    let lists = |begin: &'static str, end: char| {
        let parts = expression.split(begin).skip(1);
        parts.filter_map(move |part| part.split(end).next()).flat_map(|list| list.split(", "))
    };
    let selected = lists("{", '}').filter_map(|matcher| matcher.split(['=', '!']).next());
    selected.chain(lists("by (", ')')).collect()
}

/// What Grafana's own models of a dashboard keep of it is all that there is.
const READ_DASHBOARD: &str = "
import json, sys
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard
def kept(given, read, place):
    if isinstance(given, dict):
        for key in given:
            assert key in read, f'{place} has no {key}'
            kept(given[key], read[key], f'{place}.{key}')
    elif isinstance(given, list):
        assert len(given) == len(read), place
        for number, (one, other) in enumerate(zip(given, read)):
            kept(one, other, f'{place}.{number}')
    else:
        assert given == read, f'{place}: {given} is {read}'
given = json.loads(sys.argv[1])
read = json.loads(JSONEncoder().encode(Dashboard.from_json(given)))
for part in ['panels', 'templating', 'time', 'title', 'uid', 'schemaVersion']:
    kept(given[part], read[part], part)
assert len({panel['id'] for panel in given['panels']}) == len(given['panels'])
";

/// Reads OpenMetrics strictly: what kind each family is, and what is counted of requests.
const READ_METRICS: &str = "
import json
from prometheus_client.openmetrics.parser import text_string_to_metric_families
families = list(text_string_to_metric_families(open('metrics.txt', newline='').read()))
kinds = {family.name: [family.type, family.unit] for family in families}
requests = next(family for family in families if family.name == 'swarm_requests')
rows = [[[it.labels[label] for label in ('kind', 'method', 'name', 'result')], it.value] for it in requests.samples]
print(json.dumps([kinds, rows, sum(len(family.samples) for family in families)]))
";

/// What a parser that is not ours finds: the kinds of families, how often requests ended how, and the number of series.
type Found<Rows> = (Value, Rows, u64);

fn read_metrics(ended: &Ended, exposition: &str) -> Found<BTreeMap<[String; 4], u64>> {
    fs::write(ended.folder().join("metrics.txt"), exposition).expect("writable");
    let read = python().current_dir(ended.folder()).args(["-c", READ_METRICS]).output();
    let read = read.expect("it starts");
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let (kinds, rows, series): Found<Vec<([String; 4], f64)>> =
        serde_json::from_slice(&read.stdout).expect("JSON");
    (kinds, rows.into_iter().map(|(labels, count)| (labels, count as u64)).collect(), series)
}

fn a_parser_that_is_not_ours_reads_it(ended: &Ended, exposition: &str) {
    let (kinds, counted, _) = read_metrics(ended, exposition);
    let kind = |name: &str| [kinds[name][0].clone(), kinds[name][1].clone()];
    assert_eq!(kind("swarm_requests"), [json!("counter"), json!("")]);
    assert_eq!(kind("swarm_request_duration_seconds"), [json!("histogram"), json!("seconds")]);
    assert_eq!(kind("swarm_response_bytes"), [json!("counter"), json!("bytes")]);
    assert_eq!(kind("swarm_run"), [json!("info"), json!("")]);
    assert_eq!(kind("swarm_run_state"), [json!("stateset"), json!("")]);
    assert_eq!(counted, requests(&ended.report));
}

/// What a parser that is not ours reads of a class at the end of a run: how often requests ended how, by it and by the result.
fn counted_of(class: &str) -> [BTreeMap<[String; 4], u64>; 2] {
    let server = Server::start(Duration::ZERO);
    let arguments = format!(
        "--class {class} -H {} -u 4 -r 100 -t 3s --autostart --metrics-addr 0 --json-file result.json",
        server.url()
    );
    let mut load = start_page(tested(env!("CARGO_BIN_EXE_page-load-test")), &arguments);
    load.wait_for_line("metrics on http://localhost:");
    let port = load.rest_of_line();
    let port: u16 = port.strip_suffix("/metrics").and_then(|it| it.parse().ok()).expect("a port");
    let shown = loop {
        let shown = get(port, "/metrics", OPENMETRICS).1;
        if shown.contains("swarm_run_state{swarm_run_state=\"stopped\"} 1\n") {
            break shown;
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    promtool_has_nothing_to_say(&get(port, "/metrics", "").1);
    load.signal("INT");
    let ended = load.wait();
    let (_, counted, series) = read_metrics(&ended, &shown);
    assert!(series < 30_000, "{series}");
    [counted, requests(&ended.report)]
}

#[test]
fn hostile_names_come_as_they_are() {
    let [counted, expected] = counted_of("Hostile");
    assert_eq!(counted, expected);
    for letter in ['"', '\n', '\0', '\u{202e}'] {
        assert!(expected.keys().any(|[_, _, name, _]| name.contains(letter)), "{letter:?}");
    }
}

#[test]
fn the_first_of_thousands_of_names_are_told_apart() {
    let [counted, expected] = counted_of("Collector");
    assert!(expected.len() > 3 * 300, "{}", expected.len());
    let (others, told_apart): (Vec<_>, Vec<_>) =
        counted.iter().partition(|([_, _, name, _], _)| name == "(other)");
    assert_eq!((told_apart.len(), others.len()), (200 * 3, 3));
    for (labels, count) in told_apart {
        assert_eq!(expected.get(labels), Some(count), "{labels:?}");
    }
    assert_eq!(counted.values().sum::<u64>(), expected.values().sum::<u64>());
}

fn promtool_has_nothing_to_say(exposition: &str) {
    let mut promtool = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("promtool is installed: run scripts/install");
    let written = promtool.stdin.take().expect("piped").write_all(exposition.as_bytes());
    let said = promtool.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned();
    assert!(written.is_ok() && said.is_empty(), "{said}");
}

#[test]
fn a_headless_run_shows_its_metrics_on_an_address_of_their_own() {
    let server = Server::start(Duration::from_millis(1));
    let mut load = start("Metered", &server.url(), "-u 2 -r 100 -t 3s --metrics-addr 127.0.0.1:0");
    load.wait_for_line("metrics on http://localhost:");
    let port = load.rest_of_line();
    let port: u16 = port.strip_suffix("/metrics").and_then(|it| it.parse().ok()).expect("a port");
    // They are seen when the first second is over.
    while !get(port, "/metrics", OPENMETRICS).1.contains("\nswarm_users{class=\"Metered\"} 2\n") {
        std::thread::sleep(Duration::from_millis(20));
    }
    let taken = start("Metered", &server.url(), &format!("--metrics-addr {port}")).wait();
    assert_eq!(taken.code, Some(2), "{}", taken.stderr);
    assert!(taken.stderr.contains("choose another port by --metrics-addr"), "{}", taken.stderr);
    let ended = load.wait();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(ended.number("/wire/answered"), server.received());
}
