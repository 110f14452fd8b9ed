//! A receiver of OTLP by the protocol's published definitions, and a target whose requests it counts.

use crate::programs::python;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};

/// One that runs until it is dropped.
pub(crate) struct OtlpReceiver {
    child: Child,
    port: u16,
}

/// What came to it.
pub(crate) struct Received(pub(crate) Value);

impl OtlpReceiver {
    pub(crate) fn start() -> Self {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("otlp_receiver/serve.py");
        // No compiled files beside the sources.
        let child = python().arg("-B").arg(program).stdout(Stdio::piped()).spawn();
        let mut child = child.expect("it starts");
        let mut port = String::new();
        let stdout = child.stdout.take().expect("piped");
        BufReader::new(stdout).read_line(&mut port).expect("open");
        let port = port.trim().parse().expect("opentelemetry-proto is there: run scripts/install");
        Self { child, port }
    }

    /// Where it receives, in this way; as it should if that is empty.
    pub(crate) fn url(&self, how: &str) -> String {
        format!("http://127.0.0.1:{}/{how}", self.port)
    }

    /// All that came so far.
    pub(crate) fn received(&self) -> Received {
        let mut socket = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        let request = "GET /received HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
        socket.write_all(request.as_bytes()).expect("connected");
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).expect("an answer");
        let answer = String::from_utf8(answer).expect("UTF-8");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        Received(serde_json::from_str(body).expect("JSON"))
    }
}

impl Received {
    /// A list of what came, by its name.
    pub(crate) fn list(&self, of: &str) -> &[Value] {
        self.0[of].as_array().expect("a list")
    }

    /// The traces that the target was asked with, and how often by the same one.
    pub(crate) fn targeted(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for request in self.list("targeted") {
            let [sent] = &request[1].as_array().expect("a list")[..] else { panic!("{request}") };
            *counts.entry(text(sent).to_owned()).or_default() += 1;
        }
        counts
    }

    /// The points of a metric, as they were told last.
    pub(crate) fn points(&self, metric: &str) -> &[Value] {
        let last = self.list("metrics").last().expect("there are metrics");
        last[metric]["points"].as_array().unwrap_or_else(|| panic!("no {metric} in {last:#}"))
    }
}

/// A text.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

impl Drop for OtlpReceiver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
