//! A line for each request, in a file: shards fill buffers, a thread of its own writes them.
//!
//! A disk that is too slow does not slow the load: what does not fit into the queue is dropped, and counted.

use crate::clock::Timestamp;
use crate::secrets::Secrets;
use crate::stats::{Kind, Sample, SampleResult};
use serde::Serialize;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

/// Bytes that a shard gathers before it hands them over.
const FULL: usize = 64 << 10;
/// Buffers that may wait for the disk.
const QUEUE: usize = 256;

/// The file of a run, and the thread that writes it.
#[derive(Debug)]
pub(crate) struct RequestLog {
    way: Way,
    writer: JoinHandle<io::Result<()>>,
}

/// The way of a shard to the file.
#[derive(Debug, Clone)]
pub(crate) struct Way {
    queue: SyncSender<Vec<u8>>,
    dropped: Arc<AtomicU64>,
}

/// The lines that a shard has gathered.
#[derive(Debug)]
pub(crate) struct Lines {
    /// None once the shard has ended.
    way: Option<Way>,
    bytes: Vec<u8>,
    count: u64,
    secrets: Secrets,
}

/// What stands in a line, as a JSON object.
#[derive(Serialize)]
struct Line<'a> {
    /// When it ended.
    time: Timestamp,
    class: &'a str,
    user: u32,
    kind: Kind,
    method: &'a str,
    name: &'a str,
    response_time_ms: f64,
    from_schedule_ms: Option<f64>,
    bytes: u64,
    status: Option<u16>,
    /// `ok`, `failed` or `interrupted`.
    result: &'static str,
    error: Option<&'a str>,
}

impl RequestLog {
    /// Makes the file and starts the thread.
    ///
    /// # Errors
    ///
    /// What the operating system refuses.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        let mut file = File::create(path)?;
        let (queue, buffers) = sync_channel::<Vec<u8>>(QUEUE);
        let writer =
            thread::Builder::new().name("swarm-request-log".to_owned()).spawn(move || {
                for buffer in buffers {
                    file.write_all(&buffer)?;
                }
                file.flush()
            })?;
        Ok(Self { way: Way { queue, dropped: Arc::default() }, writer })
    }

    /// A way to the file.
    pub(crate) fn way(&self) -> Way {
        self.way.clone()
    }

    /// Waits until all is written. Returns what is missing, in words.
    pub(crate) fn finish(self) -> Option<String> {
        let Self { way: Way { queue, dropped }, writer } = self;
        // The thread ends when the last way is gone; all shards are.
        drop(queue);
        match writer.join() {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Some(format!("the request log is not complete: {error}")),
            Err(_) => return Some("the request log is not complete".to_owned()),
        }
        match dropped.load(Relaxed) {
            0 => None,
            lines => {
                Some(format!("{lines} lines of the request log were dropped: the disk is too slow"))
            }
        }
    }
}

impl Way {
    /// Lines to gather, without these secrets.
    pub(crate) fn lines(&self, secrets: Secrets) -> Lines {
        Lines { way: Some(self.clone()), bytes: Vec::with_capacity(FULL), count: 0, secrets }
    }
}

impl Lines {
    /// Adds a line for a request of this user.
    pub(crate) fn add(&mut self, class: &str, user: u32, sample: &Sample<'_>) {
        let ms = |time: std::time::Duration| time.as_secs_f64() * 1_000.0;
        let (result, error) = match sample.result {
            SampleResult::Ok => ("ok", None),
            SampleResult::Failed(error) => ("failed", Some(self.secrets.redact(error))),
            SampleResult::Interrupted => ("interrupted", None),
        };
        let line = Line {
            time: Timestamp::now(),
            class,
            user,
            kind: sample.kind,
            method: sample.method,
            name: &self.secrets.redact(sample.name),
            response_time_ms: ms(sample.response_time),
            from_schedule_ms: sample.from_schedule.map(ms),
            bytes: sample.bytes,
            status: sample.status,
            result,
            error: error.as_deref(),
        };
        // Writing to memory can't fail.
        let _ = serde_json::to_writer(&mut self.bytes, &line);
        self.bytes.push(b'\n');
        self.count += 1;
        if self.bytes.len() >= FULL - 1_024 {
            self.hand_over();
        }
    }

    /// Hands over what was gathered; never waits.
    pub(crate) fn hand_over(&mut self) {
        let Some(way) = self.way.as_ref().filter(|_| !self.bytes.is_empty()) else { return };
        let full = std::mem::replace(&mut self.bytes, Vec::with_capacity(FULL));
        let count = std::mem::take(&mut self.count);
        if way.queue.try_send(full).is_err() {
            way.dropped.fetch_add(count, Relaxed);
        }
    }

    /// The shard has ended: user code that keeps a context for ever must not keep the file open.
    pub(crate) fn close(&mut self) {
        self.hand_over();
        self.way = None;
    }
}
