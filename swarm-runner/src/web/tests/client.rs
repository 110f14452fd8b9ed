//! A client that says what it is told to say, and a server to say it to.

use super::super::*;
use crate::demo::Demo;
use clap::Parser as _;
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;
use swarm_core::engine::Command;
use swarm_core::settings::SettingValues;

/// A server of the classes here, and the engine behind it.
pub(super) struct Served {
    pub(super) web: Web,
    pub(super) demo: Demo,
    pub(super) log: Arc<LogLines>,
    pub(super) history: Arc<History>,
}

/// What was answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// In lower case.
    pub(super) head: String,
    /// What `set-cookie` says.
    pub(super) cookie: Option<String>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }
}

/// Starts a server with these options besides; what is started there is run against a demo site.
pub(super) fn serve(line: &str) -> Served {
    try_to_serve(line).expect("a port")
}

/// The same with what keeps it from starting.
pub(super) fn try_to_serve(line: &str) -> Result<Served, UsageError> {
    let demo = Demo::start().expect("a free port");
    let url = demo.url();
    let words = ["swarm", "--web-port", "0", "--host", &url, "--class", "Surfer,Passenger"];
    let options = Options::parse_from(words.into_iter().chain(line.split_whitespace()));
    let registry = Registry::find().expect("no duplicates");
    let selected = crate::run_spec::selected(&registry, &options).expect("there are");
    let spec = crate::run_spec::describe(&selected, &options, 7).expect("valid").spec;
    let mut settings = SettingValues::default();
    settings.set("SURF", "password", ["sesame open"], "the test");
    let resources = Resources::default().with(settings);
    // As the program does, so that secrets are known.
    let _ = crate::classes::check(&selected, &resources, None);
    let handle = RunHandle::launch(registry.clone(), resources.clone()).expect("threads");
    let log = Arc::new(LogLines::default());
    let kept = Arc::clone(&log);
    let history = Arc::new(History::new(&options.history, None));
    let of_web = Arc::clone(&history);
    let served = Web::serve(handle.clone(), resources, registry, &spec, &options, kept, of_web);
    let (web, wanted) = served?;
    thread::spawn(move || run_what_is_wanted(&handle, wanted));
    Ok(Served { web, demo, log, history })
}

/// As a session does.
fn run_what_is_wanted(handle: &RunHandle, mut wanted: Receiver<StartRequest>) {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        while let Some(StartRequest { start, answer }) = wanted.recv().await {
            let begun = handle.ask(Command::Start(Box::new(start))).await;
            let begun = begun.map_err(|why| Refusal::Invalid(UsageError::new(why)));
            let _ = answer.send(begun.map(|()| handle.snapshots().borrow().run));
        }
    });
}

impl Served {
    pub(super) fn host(&self) -> String {
        self.web.address.to_string()
    }

    /// Sends a request with these lines of headers, each with its end.
    pub(super) fn send(&self, line: &str, headers: &str, body: &str) -> Answer {
        send(self.web.address, line, headers, body)
    }

    pub(super) fn connect(&self) -> TcpStream {
        connect(self.web.address)
    }

    pub(super) fn get(&self, path: &str) -> Answer {
        self.send(&format!("GET {path}"), "", "")
    }

    pub(super) fn post(&self, path: &str, body: &Value) -> Answer {
        let line = format!("POST /api/v1/{path}");
        self.send(&line, "content-type: application/json\r\n", &body.to_string())
    }

    /// Looks on.
    pub(super) fn events(&self, query: &str) -> Events {
        self.events_with(query, "")
    }

    /// Looks on, with these lines of headers.
    pub(super) fn events_with(&self, query: &str, headers: &str) -> Events {
        let mut socket = self.connect();
        let host = self.host();
        let request =
            format!("GET /api/v1/events{query} HTTP/1.1\r\nhost: {host}\r\n{headers}\r\n");
        socket.write_all(request.as_bytes()).expect("sent");
        Events(BufReader::new(socket))
    }
}

/// Sends a request with these lines of headers, each with its end, to a server.
pub(super) fn send(to: SocketAddr, line: &str, headers: &str, body: &str) -> Answer {
    let mut socket = connect(to);
    let host = if headers.contains("host: ") { String::new() } else { format!("host: {to}\r\n") };
    let length = body.len();
    let head = format!(
        "{line} HTTP/1.1\r\n{host}connection: close\r\n{headers}content-length: {length}\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).expect("sent");
    // A server that has refused it need not read the rest.
    let _ = socket.write_all(body.as_bytes());
    let mut bytes = Vec::new();
    let _ = socket.read_to_end(&mut bytes);
    let end = bytes.windows(4).position(|part| part == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8_lossy(&bytes[..end]);
    let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: "));
    let (cookie, head) = (cookie.map(str::to_owned), head.to_lowercase());
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    Answer { status: status.expect("a status"), head, cookie, body: bytes[end + 4..].to_vec() }
}

fn connect(to: SocketAddr) -> TcpStream {
    let socket = TcpStream::connect(to).expect("it listens");
    // What never comes must not be waited for for ever.
    socket.set_read_timeout(Some(Duration::from_secs(60))).expect("a socket");
    socket
}

/// A stream of events.
pub(super) struct Events(BufReader<TcpStream>);

impl Events {
    /// The next event with this name.
    pub(super) fn next(&mut self, name: &str) -> Value {
        let mut found = false;
        loop {
            let mut line = String::new();
            assert!(self.0.read_line(&mut line).expect("open") > 0, "the stream has ended");
            match line.trim_end().split_once(": ") {
                Some(("event", event)) => found = event == name,
                Some(("data", data)) if found => {
                    return serde_json::from_str(data).expect("an event is JSON");
                }
                _ => {}
            }
        }
    }

    /// The first update that is as wanted.
    pub(super) fn until(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let update = self.next("update");
            if wanted(&update) {
                return update;
            }
        }
    }

    /// Reads until it ends.
    pub(super) fn drain(mut self) {
        let mut rest = Vec::new();
        self.0.read_to_end(&mut rest).expect("an end");
    }

    /// The status line of the answer.
    pub(super) fn status(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).expect("open");
        line
    }
}
