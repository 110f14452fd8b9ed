//! Looking on while a run goes on, on the console and in files, and writing what is left of it.

use crate::console::{Screen, closing, results};
use crate::csv_files::CsvFiles;
use crate::error::UsageError;
use crate::exports;
use crate::logging::Logged;
use crate::options::Options;
use crate::otlp::{Exporter, Receiver};
use crate::output;
use crate::signals::{self, Signals};
use std::io::{Write as _, stderr};
use std::sync::Arc;
use std::time::Duration;
use swarm_core::engine::{self, Command, Event, RunHandle, Snapshot, Start};
use swarm_core::judge::Ending;
use swarm_core::report::Report;
use tokio::sync::broadcast::error::RecvError;

/// Who looks on while a run goes on.
pub(crate) struct Watcher<'a> {
    options: &'a Options,
    screen: Screen,
    csv: Option<CsvFiles>,
    /// What was told of them last.
    csv_failure: Option<String>,
    /// Lines that user code logs.
    logged: &'a mut Logged,
    /// Whether figures are forgotten once all users are running.
    reset: bool,
    /// How many levels of a search were told.
    levels: usize,
}

/// What became of a run.
pub(crate) enum Watched {
    Ended(Ended),
    /// The engine refused to start it, and why.
    Refused(String),
}

/// How a run ended.
pub(crate) struct Ended {
    pub(crate) report: Arc<Report>,
    pub(crate) why: Ending,
    /// Whether a signal asked for it: the program ends too.
    pub(crate) interrupted: bool,
}

impl<'a> Watcher<'a> {
    /// For a run of this length; makes the files that are written while it goes on.
    pub(crate) fn new(
        options: &'a Options,
        length: Option<Duration>,
        logged: &'a mut Logged,
    ) -> Result<Self, UsageError> {
        let csv = match &options.csv {
            Some(prefix) => Some(CsvFiles::create(prefix, options.csv_full_history)?),
            None => None,
        };
        let screen = Screen::new(length, options.only_summary, options.print_stats);
        let reset = options.reset_stats;
        Ok(Self { options, screen, csv, csv_failure: None, logged, reset, levels: 0 })
    }

    /// Writes a line of its own on the console.
    pub(crate) fn tell(&mut self, text: &str) {
        self.screen.tell(text);
    }

    /// Starts a run and looks on to its end; says when it has begun. A signal ends it in good order, a second one at once.
    pub(crate) async fn watch(
        &mut self,
        handle: &RunHandle,
        mut start: Start,
        signals: &mut Signals,
        begun: impl FnOnce(),
    ) -> Result<Watched, UsageError> {
        let (mut events, mut snapshots) = (handle.events(), handle.snapshots());
        self.screen.tell(&format!("seed {}", start.spec.seed));
        let mut exporter = self.exporter(handle)?;
        start.tracing = exporter.as_mut().and_then(Exporter::tracing);
        handle.send(Command::Start(Box::new(start)));
        let (mut begun, mut interrupted) = (Some(begun), false);
        loop {
            tokio::select! {
                event = events.recv() => match event {
                    Ok(Event::Started) => if let Some(begun) = begun.take() {
                        begun();
                    },
                    Ok(Event::Ended { why, report }) => {
                        while let Some(line) = self.logged.ready() {
                            self.screen.log(&line.to_string());
                        }
                        if let Some(exporter) = exporter.take() {
                            let last = Arc::clone(&snapshots.borrow());
                            for text in exporter.finish(last, signals.next()).await {
                                self.screen.log(&text);
                            }
                        }
                        self.screen.clear();
                        return Ok(Watched::Ended(Ended { report, why, interrupted }));
                    }
                    Ok(Event::Refused(why)) if begun.is_some() => return Ok(Watched::Refused(why)),
                    Ok(event) => self.hear(&event, handle),
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return Err(UsageError::new("the engine ended early")),
                },
                Ok(()) = snapshots.changed() => {
                    let snapshot = Arc::clone(&snapshots.borrow_and_update());
                    // The first has no figures yet.
                    if snapshot.report.is_some() {
                        self.tell_levels(&snapshot);
                        self.screen.show(&snapshot);
                        self.write_csv(&snapshot);
                    }
                }
                Some(text) = told(&mut exporter) => self.screen.log(&text),
                Some(line) = self.logged.next() => self.screen.log(&line.to_string()),
                () = signals.next() => {
                    if interrupted {
                        signals::at_once();
                    }
                    interrupted = true;
                    handle.send(Command::Stop(engine::Stop::Graceful));
                }
            }
        }
    }

    /// What sends metrics and spans elsewhere, if that is wanted.
    fn exporter(&self, handle: &RunHandle) -> Result<Option<Exporter>, UsageError> {
        let receiver = Receiver::of(&self.options.otlp, |name| std::env::var(name).ok())?;
        let started = receiver.map(|receiver| Exporter::start(receiver, handle));
        started.transpose().map_err(UsageError::cant_start)
    }

    /// Writes what is left of a run.
    pub(crate) fn finish(mut self, report: &Report, why: &Ending) -> Result<(), UsageError> {
        let mut tables = results(report);
        tables.push('\n');
        tables.push_str(&closing(report, why));
        tables.push('\n');
        if self.options.json {
            // Standard output carries the result and nothing else.
            let _ = stderr().write_all(tables.as_bytes());
            output::print(&output::json(report))?;
        } else {
            output::print(&tables)?;
        }
        exports::write(self.options, report)?;
        self.csv.as_mut().map_or(Ok(()), |csv| csv.finish(report))
    }

    /// Says how the levels of a search ended, as they do.
    fn tell_levels(&mut self, snapshot: &Snapshot) {
        let capacity = snapshot.report.as_ref().and_then(|report| report.capacity.as_ref());
        let Some(capacity) = capacity else { return };
        for level in &capacity.levels[self.levels.min(capacity.levels.len())..] {
            let verdict = if level.passed { "passed" } else { "failed" };
            self.screen.tell(&format!("{} {} {verdict}", level.offered, capacity.unit));
        }
        self.levels = capacity.levels.len();
    }

    /// A file that can't be written now is no reason to end the run; it is tried again, and at the end it must succeed.
    fn write_csv(&mut self, snapshot: &Snapshot) {
        let Some(csv) = &mut self.csv else { return };
        let failed = csv.update(snapshot).err().map(|error| error.to_string());
        if let Some(error) = failed.as_ref().filter(|_| failed != self.csv_failure) {
            self.screen.tell(error);
        }
        self.csv_failure = failed;
    }

    fn hear(&mut self, event: &Event, handle: &RunHandle) {
        match event {
            Event::SpawningComplete { users } => {
                self.screen.tell(&match users {
                    0 => "the whole load is there".to_owned(),
                    users => format!("all {users} users are running"),
                });
                if std::mem::take(&mut self.reset) {
                    handle.send(Command::Reset);
                    self.screen.tell("figures are counted from here on (--reset-stats)");
                }
            }
            Event::Stopping { why } => self.screen.tell(&format!("stopping: {why}")),
            Event::Refused(why) => self.screen.tell(&format!("refused: {why}")),
            Event::Started | Event::UsersGone | Event::Ended { .. } => {}
        }
    }
}

/// What the exporter has to say; nothing if there is none.
async fn told(exporter: &mut Option<Exporter>) -> Option<String> {
    exporter.as_mut()?.told().await
}
