//! What user code logs (by the crate `log`), on the console, in a file and on the page, without secrets.

use crate::error::UsageError;
use crate::log_lines::{LogLine, LogLines};
use crate::options::Logs;
use log::{LevelFilter, Log, Metadata, Record};
use std::borrow::Cow;
use std::fs::{File, OpenOptions};
use std::io::{Write as _, stderr};
use std::panic;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use swarm_core::clock::Timestamp;
use swarm_core::secrets::Secrets;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Lines that may wait for the console.
const QUEUE: usize = 1_000;

/// Takes what is logged.
struct Logger {
    level: LevelFilter,
    hidden: Hidden,
    file: Option<Mutex<File>>,
    /// What does not fit is left out, because the load must not wait.
    lines: Sender<LogLine>,
}

/// The secrets that are taken out: those of the settings, of which there may come more, and those of the web page.
#[derive(Clone, Default)]
struct Hidden(Arc<RwLock<[Secrets; 2]>>);

/// What was logged, in its order.
pub(crate) struct Logged {
    lines: Receiver<LogLine>,
    hidden: Hidden,
    /// Whether the console shows it.
    on_console: bool,
    kept: Arc<LogLines>,
}

/// Starts logging; the lines come out of what comes back, so that they don't tear the console's picture.
pub(crate) fn start(logs: &Logs, secrets: Secrets) -> Result<Logged, UsageError> {
    let file = logs.logfile.as_ref().map(|path| {
        let file = OpenOptions::new().create(true).append(true).open(path);
        file.map(Mutex::new).map_err(|error| {
            UsageError::new(format!("can't write {}: {error}", path.display()))
                .help("choose another place for --logfile")
        })
    });
    let file = file.transpose()?;
    let (lines, logged) = channel(QUEUE);
    let hidden = Hidden::default();
    hidden.set(0, secrets);
    hide_in_panics(hidden.clone());
    let kept = Arc::new(LogLines::default());
    let logged = Logged { lines: logged, hidden: hidden.clone(), on_console: file.is_none(), kept };
    let level = logs.loglevel;
    // A program that has a logger of its own keeps it.
    if log::set_boxed_logger(Box::new(Logger { level, hidden, file, lines })).is_ok() {
        log::set_max_level(level);
    }
    Ok(logged)
}

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= self.level
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let text = record.args().to_string();
        let line = LogLine {
            at: Timestamp::now(),
            level: record.level().into(),
            target: record.target().to_owned(),
            text: self.hidden.redact(&text).into_owned(),
        };
        if let Some(file) = &self.file {
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            // One write, so that lines of others don't come between.
            let _ = file.write_all(format!("{line}\n").as_bytes());
        }
        let _ = self.lines.try_send(line);
    }

    fn flush(&self) {}
}

impl Hidden {
    fn set(&self, which: usize, secrets: Secrets) {
        self.0.write().unwrap_or_else(PoisonError::into_inner)[which] = secrets;
    }

    fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let hidden = self.0.read().unwrap_or_else(PoisonError::into_inner);
        match hidden[0].redact(text) {
            Cow::Borrowed(text) => hidden[1].redact(text),
            Cow::Owned(text) => Cow::Owned(hidden[1].redact(&text).into_owned()),
        }
    }
}

impl Logged {
    /// The next line for the console. Who only wants lines kept has to ask too.
    pub(crate) async fn next(&mut self) -> Option<LogLine> {
        loop {
            let line = self.lines.recv().await?;
            if let Some(line) = self.keep(line) {
                return Some(line);
            }
        }
    }

    /// The next line for the console, if there is one already.
    pub(crate) fn ready(&mut self) -> Option<LogLine> {
        while let Ok(line) = self.lines.try_recv() {
            if let Some(line) = self.keep(line) {
                return Some(line);
            }
        }
        None
    }

    /// The last lines.
    pub(crate) fn kept(&self) -> Arc<LogLines> {
        Arc::clone(&self.kept)
    }

    /// Takes these secrets of settings out from now on.
    pub(crate) fn hide(&self, secrets: Secrets) {
        self.hidden.set(0, secrets);
    }

    /// Takes these out too, whatever the settings are.
    pub(crate) fn hide_always(&self, secrets: Secrets) {
        self.hidden.set(1, secrets);
    }

    fn keep(&self, line: LogLine) -> Option<LogLine> {
        let shown = self.on_console.then(|| line.clone());
        self.kept.add(line);
        shown
    }
}

/// Panics of tasks are exceptions in the result. Those of threads that user code starts are printed as always, but for secrets.
fn hide_in_panics(hidden: Hidden) {
    let previous = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let message = info.payload_as_str().unwrap_or_default();
        match hidden.redact(message) {
            Cow::Borrowed(_) => previous(info),
            Cow::Owned(message) => {
                let place = info.location().map(ToString::to_string).unwrap_or_default();
                let _ = writeln!(stderr(), "thread panicked at {place}:\n{message}");
            }
        }
    }));
}
