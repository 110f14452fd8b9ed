//! The program observes its target by a real Prometheus, which scrapes a target that counts.

use crate::load::{Load, load_test, start_program};
use serde_json::Value;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::thread;
use std::time::Duration;
use tempfile::TempDir;

/// Answers each request, and tells by `/metrics` how many there were besides those.
struct Target {
    port: u16,
    received: Arc<AtomicU64>,
}

impl Target {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let received = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&received);
        thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let received = Arc::clone(&counted);
                thread::spawn(move || answer(socket, &received));
            }
        });
        Self { port, received }
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn received(&self) -> u64 {
        self.received.load(SeqCst)
    }
}

fn answer(mut socket: TcpStream, received: &AtomicU64) {
    let mut lines = BufReader::new(socket.try_clone().expect("a socket")).lines();
    while let Some(Ok(first)) = lines.next() {
        while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
        let body = match first.starts_with("GET /metrics ") {
            true => format!(
                "# TYPE received counter\nreceived_total {0}\nhalf{{part=\"a,b\"}} {0}\nhalf{{part=\"c\"}} NaN\n",
                received.load(SeqCst)
            ),
            false => {
                received.fetch_add(1, SeqCst);
                "hello".to_owned()
            }
        };
        let length = body.len();
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/plain; version=0.0.4";
        let answer = format!("{head}\r\ncontent-length: {length}\r\n\r\n{body}");
        if socket.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// A Prometheus that runs until it is dropped.
struct Prometheus {
    child: Child,
    port: u16,
    _folder: TempDir,
}

impl Prometheus {
    /// Scrapes a target each second.
    fn start(target: &Target) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let config = folder.path().join("prometheus.yml");
        let text = format!(
            "global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\nscrape_configs:\n  - job_name: target\n    static_configs:\n      - targets: ['127.0.0.1:{}']\n",
            target.port
        );
        fs::write(&config, text).expect("writable");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        drop(listener);
        let log = fs::File::create(folder.path().join("log")).expect("writable");
        let child = Command::new("prometheus")
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.tsdb.path={}", folder.path().join("data").display()))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("prometheus is installed: run scripts/install");
        let prometheus = Self { child, port, _folder: folder };
        prometheus.wait_for("/-/ready", "200 OK");
        // It has scraped once.
        prometheus.wait_for("/api/v1/query?query=received_total", "\"value\"");
        prometheus
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn wait_for(&self, path: &str, words: &str) {
        for _ in 0..3_000 {
            if self.get(path).is_some_and(|answer| answer.contains(words)) {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("prometheus does not answer {path} with {words}");
    }

    fn get(&self, path: &str) -> Option<String> {
        let mut socket = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        socket.write_all(format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes()).ok()?;
        let mut answer = String::new();
        socket.read_to_string(&mut answer).ok()?;
        Some(answer)
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        self.end();
    }
}

/// Starts users who come, and go four seconds before the end, so that all that they did is scraped.
fn start(target: &Target, observe: &str, queries: &str) -> Load {
    let mut command = load_test();
    command.args(["--stages", "3@0s, 3@3s, 0@0s, 0@4s", "--html", "report.html"]);
    command.args(["--summary-md", "summary.md", "--observe", observe]);
    command.env("SWARM_OBSERVE_QUERY", queries);
    start_program(command, "Metered", &target.url(), "")
}

fn points(series: &Value) -> Vec<(f64, f64)> {
    let points = series["points"].as_array().expect("a list").iter();
    let number = |point: &Value, field: &str| point[field].as_f64().expect("a number");
    points.map(|point| (number(point, "t_s"), number(point, "value"))).collect()
}

/// How many requests had ended at this time of the run, by its history.
fn ended_at(report: &Value, t_s: f64) -> f64 {
    let history = report["history"].as_array().expect("a list").iter();
    let before = history.filter(|point| point["t_s"].as_f64() <= Some(t_s));
    before.map(|point| point["rps"].as_f64().expect("a number")).sum()
}

#[test]
fn what_prometheus_sees_of_the_target_stands_on_the_timeline_of_the_run() {
    let target = Target::start();
    let prometheus = Prometheus::start(&target);
    let queries = "received=sum by (job, instance) (received_total{job=\"target\"})\nhalf=half / 2";
    let ended = start(&target, &prometheus.url(), queries).wait();
    assert_eq!(ended.code, Some(0), "{}{}", ended.stdout, ended.stderr);
    assert!(!ended.stderr.contains("warning"), "{}", ended.stderr);
    let series = ended.report["observed"].as_array().expect("a list");
    assert_eq!(series.len(), 2, "what is no number has no values: {series:?}");
    assert_eq!(series[0]["name"], "received");
    assert_eq!(series[0]["labels"]["instance"], target.url().trim_start_matches("http://"));
    assert_eq!(series[1]["labels"]["part"], "a,b");

    let seen = points(&series[0]);
    let sent = ended.number("/wire/answered");
    assert_eq!(target.received(), sent, "{:#}", ended.report["wire"]);
    assert_eq!(seen.last().map(|(_, value)| *value), Some(sent as f64), "{seen:?}");
    assert_eq!(points(&series[1]).last().map(|(_, value)| *value), Some(sent as f64 / 2.0));
    assert_eq!(series[0]["max"].as_f64(), Some(sent as f64));
    let end = ended.report["history"].as_array().and_then(|all| all.last()?["t_s"].as_f64());
    assert!(seen.len() >= 6 && seen.is_sorted_by(|a, b| a.0 + 0.999 < b.0), "{seen:?}");
    for (t_s, value) in &seen {
        assert!(*t_s >= 0.0 && Some(*t_s) < end.map(|end| end + 0.5), "{t_s} of {end:?}");
        // A value is as old as the last scrape; a second of the history is as long as one.
        let (least, most) =
            (ended_at(&ended.report, t_s - 2.5), ended_at(&ended.report, t_s + 1.5));
        assert!((least..=most).contains(value), "{value} at {t_s}: {least} to {most} in {seen:?}");
    }
    let row = ended.table_row("received");
    assert_eq!(row.last(), Some(&sent.to_string()), "{}", ended.stdout);
    assert!(ended.file("summary.md").contains("### Observed"));
    assert!(ended.file("report.html").contains("\"observed\":[{"));
}

#[test]
fn what_can_not_be_asked_is_an_error_before_any_load() {
    let target = Target::start();
    let prometheus = Prometheus::start(&target);
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let away = format!("http://{}", nobody.local_addr().expect("bound"));
    drop(nobody);
    for (observe, queries, part) in [
        (
            prometheus.url(),
            "up=up\nbroken=rate(received_total",
            "the query `broken`: 1:20: parse error",
        ),
        (prometheus.url(), "text=\"text\"", "the query `text`: invalid"),
        (target.url(), "up=up", "is not from a Prometheus"),
        (away, "up=up", "can't observe"),
    ] {
        let ended = start(&target, &observe, queries).wait();
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{}", ended.stderr);
        assert!(ended.stderr.contains(part), "{}", ended.stderr);
    }
    assert!(target.received() <= 1, "only that it is no Prometheus was found out");
}

#[test]
fn a_prometheus_that_goes_away_is_told_once_and_changes_nothing_else() {
    let target = Target::start();
    let mut prometheus = Prometheus::start(&target);
    let mut load = start(&target, &prometheus.url(), "received=received_total");
    load.wait_for_line("all 3 users are running");
    prometheus.end();
    let ended = load.wait();
    assert_eq!(ended.code, Some(0), "{}{}", ended.stdout, ended.stderr);
    assert_eq!(ended.stderr.matches("can't observe").count(), 1, "{}", ended.stderr);
    assert_eq!(target.received(), ended.number("/wire/answered"));
    assert_eq!(ended.report["observed"].as_array().map(Vec::len), Some(0));
}
