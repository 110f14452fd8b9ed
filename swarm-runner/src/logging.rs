//! What user code logs (by the crate `log`), on the console or in a file, without secrets.

use crate::error::UsageError;
use crate::options::Logs;
use env_logger::{Builder, Target};
use std::borrow::Cow;
use std::fs::OpenOptions;
use std::io::{self, Write, stderr};
use std::panic;
use swarm_core::clock::Timestamp;
use swarm_core::secrets::Secrets;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Lines that may wait for the console.
const QUEUE: usize = 1_000;

/// Starts logging; the console's lines come out of the receiver, so that they don't tear its picture.
pub(crate) fn start(logs: &Logs, secrets: Secrets) -> Result<Receiver<String>, UsageError> {
    let (lines, console) = channel(QUEUE);
    let target: Box<dyn Write + Send> = match &logs.logfile {
        None => Box::new(Lines(lines)),
        Some(path) => {
            let file = OpenOptions::new().create(true).append(true).open(path);
            Box::new(file.map_err(|error| {
                UsageError::new(format!("can't write {}: {error}", path.display()))
                    .help("choose another place for --logfile")
            })?)
        }
    };
    hide_in_panics(secrets.clone());
    let mut builder = Builder::new();
    builder.filter_level(logs.loglevel).target(Target::Pipe(target)).format(move |out, record| {
        let (level, target) = (record.level(), record.target());
        let message = record.args().to_string();
        writeln!(out, "[{} {level:<5} {target}] {}", Timestamp::now(), secrets.redact(&message))
    });
    // A program that has a logger of its own keeps it.
    let _ = builder.try_init();
    Ok(console)
}

/// Panics of tasks are exceptions in the result. Those of threads that user code starts are printed as always, but for secrets.
fn hide_in_panics(secrets: Secrets) {
    let previous = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let message = info.payload_as_str().unwrap_or_default();
        match secrets.redact(message) {
            Cow::Borrowed(_) => previous(info),
            Cow::Owned(message) => {
                let place = info.location().map(ToString::to_string).unwrap_or_default();
                let _ = writeln!(stderr(), "thread panicked at {place}:\n{message}");
            }
        }
    }));
}

/// Writes to the console by way of a queue; what does not fit is left out, because the load must not wait.
struct Lines(Sender<String>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // One call is one record.
        let _ = self.0.try_send(String::from_utf8_lossy(bytes).trim_end().to_owned());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
