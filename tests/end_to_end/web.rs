//! The program with its web page: runs that are started and changed by its API, against a server that counts.

use crate::load::{Load, load_test, start_page};
use crate::secrets::{PASSWORD, PIN, search};
use crate::server::{Server, exchange};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// The page of a program that runs.
pub(crate) struct Page {
    port: u16,
}

impl Page {
    /// That of a program that has just been started.
    pub(crate) fn of(load: &mut Load) -> Self {
        load.wait_for_line("web page on http://localhost:");
        let port = load.rest_of_line().parse().expect("a port");
        Self { port }
    }

    fn connect(&self) -> TcpStream {
        let socket = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        // What never comes must not be waited for for ever.
        socket.set_read_timeout(Some(Duration::from_secs(60))).expect("a socket");
        socket
    }

    /// Sends a request; gives back the status and the JSON of the answer.
    fn send(&self, line: &str, body: &str) -> (u16, Value) {
        let (status, text) = self.send_for_text(line, body);
        (status, serde_json::from_str(&text).unwrap_or_default())
    }

    pub(crate) fn send_for_text(&self, line: &str, body: &str) -> (u16, String) {
        let (socket, length) = (self.connect(), body.len());
        let head = "host: localhost\r\nconnection: close\r\ncontent-type: application/json";
        let request =
            format!("{line} HTTP/1.1\r\n{head}\r\ncontent-length: {length}\r\n\r\n{body}");
        exchange(socket, &request)
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        let (status, answer) = self.send(&format!("GET /api/v1/{path}"), "");
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    fn post(&self, path: &str, body: &Value, expected: u16) -> Value {
        let (status, answer) = self.send(&format!("POST /api/v1/{path}"), &body.to_string());
        assert_eq!(status, expected, "{path}: {answer}");
        answer
    }

    /// Starts what is typed.
    fn start(&self, options: &Value) -> Value {
        let checked = self.post("check", &json!({ "options": options }), 200);
        assert_eq!(checked["errors"], json!([]));
        self.post("start", &json!({ "spec": checked["spec"], "settings": {} }), 202)
    }

    /// Looks on until an update is as wanted.
    pub(crate) fn until(&self, wanted: impl Fn(&Value) -> bool) -> Value {
        let mut socket = self.connect();
        let request = "GET /api/v1/events HTTP/1.1\r\nhost: localhost\r\n\r\n";
        socket.write_all(request.as_bytes()).expect("sent");
        let lines = BufReader::new(socket).lines().map(|line| line.expect("open"));
        let mut updates = lines.filter_map(|line| {
            let update: Value = serde_json::from_str(line.strip_prefix("data: ")?).ok()?;
            update.is_object().then_some(update)
        });
        updates.find(|update| wanted(update)).expect("the stream goes on")
    }

    fn stop(&self) -> Value {
        self.post("stop", &json!({ "now": false }), 204);
        self.until(|update| update["state"] == "stopped")
    }
}

fn requests(update: &Value) -> u64 {
    update["report"]["totals"]["requests"].as_u64().expect("a number")
}

/// Requests on the wire that reached the server, by the result.
fn sent(report: &Value) -> u64 {
    let wire = |name: &str| report["wire"][name].as_u64().expect("a number");
    wire("answered") + wire("sent_unanswered")
}

#[test]
fn runs_are_started_changed_and_ended_by_the_api_and_agree_with_the_servers_count() {
    let server = Server::start(Duration::from_millis(5));
    let arguments = format!("--host {} --json-file result.json --csv run", server.url());
    let mut load = start_page(load_test(), &arguments);
    let page = Page::of(&mut load);
    assert_eq!(page.get("form")["entered"]["options"]["host"], server.url());
    let options = json!({
        "class": "Plain,Metered", "host": server.url(), "users": "2", "spawn-rate": "100",
        "run-time": "10m", "weight-of": "Plain=3",
    });
    assert_eq!(page.start(&options)["run"], 1);
    page.post(
        "start",
        &json!({ "spec": page.post("check", &json!({ "options": options }), 200)["spec"] }),
        409,
    );
    let steady = page.until(|update| update["state"] == "running" && update["users"] == 2);
    page.post("load", &json!({ "users": 5, "spawn_rate": 100.0 }), 204);
    let more = page.until(|update| update["users"] == 5);
    for kept in ["classes", "run_time_s", "thresholds", "seed"] {
        assert_eq!(more["report"]["run"][kept], steady["report"]["run"][kept], "{kept}");
    }
    assert_eq!(more["length_s"], 600.0);

    let before = requests(&page.until(|_| true));
    page.post("reset", &json!({}), 204);
    let reset =
        page.until(|update| update["report"]["run"]["measured_from_s"].as_f64() > Some(0.0));
    assert!(before > 0 && reset["full"] == true);
    let ended = page.stop();
    let first = page.get("report");
    assert_eq!(requests(&ended), first["totals"]["requests"].as_u64().expect("a number"));
    let first_count = server.received();

    assert_eq!(
        page.start(
            &json!({ "class": "Plain", "host": server.url(), "users": "3", "spawn-rate": "100" })
        )["run"],
        2
    );
    page.until(|update| {
        update["users"] == 3 && update["report"]["totals"]["requests"].as_u64() > Some(50)
    });
    page.stop();
    let second = page.get("report");
    assert_eq!(server.received() - first_count, sent(&second), "the server counts the same");
    load.signal("INT");
    let ended = load.wait();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(ended.report["totals"], second["totals"], "the file has the last run");
    assert!(ended.file("run_stats.csv").contains("Aggregated"));
    assert_eq!(ended.stdout.matches("Response time percentiles").count(), 2, "{}", ended.stdout);
    assert!(ended.stdout.contains("because it was asked to stop"), "{}", ended.stdout);
}

#[test]
fn a_run_that_starts_by_itself_is_ended_by_a_signal_in_good_order() {
    let server = Server::start(Duration::from_millis(5));
    let arguments = format!(
        "--class Plain -H {} --autostart -u 2 -r 100 --json-file result.json",
        server.url()
    );
    let mut load = start_page(load_test(), &arguments);
    let page = Page::of(&mut load);
    page.until(|update| update["report"]["totals"]["requests"].as_u64() > Some(20));
    load.signal("TERM");
    let ended = load.wait();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(server.received(), sent(&ended.report));
}

#[test]
fn a_program_ends_by_itself_after_its_run_with_the_runs_exit_code() {
    let server = Server::start(Duration::ZERO);
    let arguments = format!(
        "--class LockedOut -H {} --autostart --autoquit 0 -t 1s --json-file result.json --web-base-path /swarm",
        server.url(),
    );
    let mut load = start_page(load_test(), &arguments);
    load.wait_for_line("/swarm\n");
    let ended = load.wait();
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(ended.number("/totals/failures") >= 1);
}

#[test]
fn a_program_that_ran_nothing_ends_well_and_wrong_usage_is_said_at_once() {
    let mut idle = start_page(load_test(), "");
    let page = Page::of(&mut idle);
    let port = page.port;
    for (arguments, part) in [
        (format!("--web-port {port}"), "--web-port"),
        ("--autoquit 3".to_owned(), "add --autostart"),
        ("--web-host 0.0.0.0 --web-user anna".to_owned(), "htpasswd"),
        ("--web-base-path a?b".to_owned(), "as `/swarm`"),
        ("--repeat 2 --json-file r.json".to_owned(), "add --headless"),
        ("--autostart --class Plain".to_owned(), "no host for Plain"),
    ] {
        let ended = start_page(load_test(), &arguments).wait();
        assert_eq!(ended.code, Some(2), "{arguments}: {}", ended.stderr);
        assert!(ended.stderr.contains(part), "{arguments}: {}", ended.stderr);
    }
    idle.signal("INT");
    let ended = idle.wait();
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), ""), "{}", ended.stderr);
}

#[test]
fn a_secret_that_is_typed_is_in_nothing_that_a_run_shows_or_leaves() {
    let server = Server::start(Duration::ZERO);
    let arguments = format!("--host {} --loglevel trace --json-file result.json", server.url());
    let mut load = start_page(load_test(), &arguments);
    let page = Page::of(&mut load);
    let options = json!({
        "class": "Indiscreet", "host": server.url(), "users": "3", "spawn-rate": "100", "run-time": "2s",
    });
    let missing = page.post("check", &json!({ "options": options }), 200);
    assert_eq!(missing["errors"][0]["field"], "settings.indiscreet.password");
    let keys = page.get("form")["settings"].as_array().expect("a list").clone();
    let key = |name: &str| {
        let found = keys.iter().find(|it| it["group"] == "Login" && it["name"] == name);
        found.expect("declared")["key"].as_str().expect("a text").to_owned()
    };
    let settings = json!({ key("password"): PASSWORD, key("pin"): PIN });
    let checked = page.post("check", &json!({ "options": options, "settings": settings }), 200);
    search("what is checked", &checked.to_string());
    page.post("start", &json!({ "spec": checked["spec"], "settings": settings }), 202);
    let ended = page.until(|update| update["state"] == "stopped");
    search("the stream", &ended.to_string());
    for path in
        ["form", "report", "files/report.json", "files/failures.csv", "files/exceptions.csv"]
    {
        let (_, text) = page.send_for_text(&format!("GET /api/v1/{path}"), "");
        search(path, &text);
    }
    let (_, log) = page.send_for_text("GET /api/v1/files/log.txt", "");
    search("the log", &log);
    assert!(log.contains("starting with *** and ***"), "{log}");
    load.signal("INT");
    let ended = load.wait();
    search("standard output", &ended.stdout);
    search("standard error", &ended.stderr);
    search("the result", &ended.report.to_string());
    assert!(ended.report.to_string().contains("/?raw=***"), "{:#}", ended.report);
}
