//! What user code logs (by the crate `log`), on the console or in a file.

use crate::error::UsageError;
use env_logger::{Builder, Target};
use log::LevelFilter;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;
use swarm_core::clock::Timestamp;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Lines that may wait for the console.
const QUEUE: usize = 1_000;

/// Starts logging; the console's lines come out of the receiver, so that they don't tear its picture.
pub(crate) fn start(
    level: LevelFilter,
    file: Option<&Path>,
) -> Result<Receiver<String>, UsageError> {
    let (lines, console) = channel(QUEUE);
    let target: Box<dyn Write + Send> = match file {
        None => Box::new(Lines(lines)),
        Some(path) => {
            let file = OpenOptions::new().create(true).append(true).open(path);
            Box::new(file.map_err(|error| {
                UsageError::new(format!("can't write {}: {error}", path.display()))
                    .help("choose another place for --logfile")
            })?)
        }
    };
    let mut builder = Builder::new();
    builder.filter_level(level).target(Target::Pipe(target)).format(|out, record| {
        let (level, target) = (record.level(), record.target());
        writeln!(out, "[{} {level:<5} {target}] {}", Timestamp::now(), record.args())
    });
    // A program that has a logger of its own keeps it.
    let _ = builder.try_init();
    Ok(console)
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
