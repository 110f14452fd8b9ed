//! Against a real httpbin: what is sent arrives, what is answered is understood, and it counts as many requests as the result.

use crate::load::start;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// It, served with HTTP/1.1 on a port that the system chooses and that is printed. A line is logged for each answer; werkzeug's own log has colours, and loses
/// lines when the first requests come at once.
const PROGRAM: &str = r#"
import httpbin, os, werkzeug.serving as serving
class Handler(serving.WSGIRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_request(self, code, size="-"):
        os.write(2, b"answered\n")
server = serving.make_server("127.0.0.1", 0, httpbin.app, threaded=True, request_handler=Handler)
print(server.port, flush=True)
server.serve_forever()
"#;

/// An httpbin that runs until it is dropped.
struct Httpbin {
    child: Child,
    port: u16,
    folder: TempDir,
}

impl Httpbin {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let log = fs::File::create(folder.path().join("access.log")).expect("writable");
        let mut child = Command::new(python())
            .args(["-c", PROGRAM])
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("it ran a moment ago");
        let mut port = String::new();
        let stdout = child.stdout.take().expect("piped");
        BufReader::new(stdout).read_line(&mut port).expect("open");
        let Ok(port) = port.trim().parse() else {
            let _ = child.wait();
            let log = fs::read_to_string(folder.path().join("access.log")).unwrap_or_default();
            panic!("httpbin does not start: {log}");
        };
        Self { child, port, folder }
    }

    /// How many answers stand in its log, once there are this many: one that nobody waits for any more comes later.
    fn logged_at_last(&self, expected: u64) -> u64 {
        let mut found = 0;
        for _ in 0..1_000 {
            let log = fs::read_to_string(self.folder.path().join("access.log")).expect("written");
            found = log.lines().filter(|line| *line == "answered").count() as u64;
            if found >= expected {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        found
    }
}

impl Drop for Httpbin {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A Python that has httpbin: the system's, for which Debian packs it, or the one in the path.
fn python() -> &'static str {
    let has_it = |python: &&str| {
        let found = Command::new(python).args(["-c", "import httpbin"]).output();
        found.is_ok_and(|output| output.status.success())
    };
    let found = ["/usr/bin/python3", "python3"].into_iter().find(has_it);
    found.expect("httpbin is installed: run scripts/install, or `python3 -m pip install httpbin`")
}

#[test]
fn a_server_that_repeats_what_it_hears_has_heard_what_was_sent() {
    let server = Httpbin::start();
    let host = format!("http://127.0.0.1:{}", server.port);
    let options = "-u 3 -r 100 -t 2s --stop-timeout 60s";
    let ended = start("Tourist", &host, options).wait();
    let told = format!("{}\n{}", ended.stdout, ended.stderr);

    let tours = ended.number("/tasks/0/runs");
    assert!(tours >= 3, "each user has made one: {told}");
    assert_eq!(ended.number("/tasks/0/errors"), 0, "{told}");
    assert_eq!(ended.report["exceptions"], serde_json::json!([]), "{told}");

    // One request of each tour came too late, and no other one failed.
    let failures = ended.report["failures"].as_array().expect("a list");
    assert_eq!(failures.len(), 1, "{told}");
    assert_eq!(failures[0]["name"], "/delay/1", "{told}");
    assert_eq!(ended.number("/failures/0/occurrences"), tours);
    assert_eq!(ended.number("/totals/failures"), tours);
    assert_eq!(ended.code, Some(1), "{told}");

    // Every tour makes the same requests.
    let rows = ended.report["requests"].as_array().expect("a list");
    for row in rows {
        assert_eq!(row["requests"].as_u64().map(|requests| requests % tours), Some(0), "{row}");
    }
    assert_eq!(ended.number("/totals/interrupted"), 0);

    let (answered, late) = (ended.number("/wire/answered"), ended.number("/wire/sent_unanswered"));
    assert_eq!(late, tours, "what came too late was sent");
    assert!(answered > ended.number("/totals/requests"), "redirects are followed");
    assert_eq!(server.logged_at_last(answered + late), answered + late, "httpbin counts too");
}
