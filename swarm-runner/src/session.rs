//! A session with the web page: it serves the page, and runs what is started there, one run after the other, until a signal ends it.

use crate::error::UsageError;
use crate::options::Options;
use crate::output;
use crate::signals::Signals;
use crate::watcher::{Ended, Watched, Watcher};
use crate::web::{Answer, Refusal, StartRequest, Web};
use std::io::{Write as _, stderr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use swarm_core::context::Resources;
use swarm_core::engine::{self, RunHandle, Start};
use swarm_core::judge::exit_code;
use swarm_core::plan::RunSpec;
use swarm_core::user::Registry;
use tokio::sync::mpsc::Receiver;
use tokio::time::sleep;

/// What a session works with.
pub(crate) struct Session<'a> {
    pub(crate) handle: &'a RunHandle,
    pub(crate) resources: &'a Resources,
    pub(crate) options: &'a Options,
    pub(crate) logged: &'a mut Receiver<String>,
}

impl Session<'_> {
    /// Serves and runs. Returns the exit code of the last run; 0 if there was none.
    pub(crate) async fn conduct(
        mut self,
        registry: Registry,
        spec: RunSpec,
    ) -> Result<u8, UsageError> {
        let mut signals = Signals::new().map_err(UsageError::cant_start)?;
        let (handle, resources) = (self.handle.clone(), self.resources.clone());
        let (web, mut starts) = Web::serve(handle, resources, registry, &spec, self.options)?;
        let _ = writeln!(stderr(), "web page on {}", web.url());
        let mut due = self.options.web.autostart.then(|| (Start::from(spec), None));
        let mut last: Option<Ended> = None;
        loop {
            let wanted = match due.take() {
                Some(own) => Some(own),
                None => self.next(&mut starts, &mut signals, last.is_some()).await,
            };
            let Some((start, mut answer)) = wanted else { break };
            match self.run(start, &mut answer, &mut starts, &mut signals).await {
                Ok(ended) => {
                    let interrupted = ended.interrupted;
                    last = Some(ended);
                    if interrupted {
                        break;
                    }
                }
                Err(error) => match answer {
                    Some(answer) => drop(answer.send(Err(Refusal::Invalid(error)))),
                    None => return Err(error),
                },
            }
        }
        match last {
            Some(ended) => self.quit(&ended).await,
            None => Ok(exit_code::PASSED),
        }
    }

    /// The next run that somebody wants; none if the session ends.
    async fn next(
        &mut self,
        starts: &mut Receiver<StartRequest>,
        signals: &mut Signals,
        after_a_run: bool,
    ) -> Option<(Start, Option<Answer>)> {
        let limit = self.options.web.autoquit.filter(|_| after_a_run).map(Duration::from_secs);
        let mut over = pin!(async {
            match limit {
                Some(limit) => sleep(limit).await,
                None => std::future::pending().await,
            }
        });
        loop {
            tokio::select! {
                request = starts.recv() => {
                    return request.map(|StartRequest { start, answer }| (start, Some(answer)));
                }
                () = signals.next() => return None,
                () = &mut over => return None,
                Some(line) = self.logged.recv() => drop(writeln!(stderr(), "{line}")),
            }
        }
    }

    /// Runs it to its end, and writes its result. Who waits for an answer gets it when the run begins.
    async fn run(
        &mut self,
        start: Start,
        answer: &mut Option<Answer>,
        starts: &mut Receiver<StartRequest>,
        signals: &mut Signals,
    ) -> Result<Ended, UsageError> {
        let length = start.spec.length();
        let mut watcher = Watcher::new(self.options, length, self.logged)?;
        let begun = || {
            if let Some(answer) = answer.take() {
                let _ = answer.send(Ok(self.handle.snapshots().borrow().run));
            }
        };
        let watched = {
            let mut watching = pin!(watcher.watch(self.handle, start, signals, begun));
            loop {
                tokio::select! {
                    watched = &mut watching => break watched?,
                    Some(another) = starts.recv() => {
                        let _ = another.answer.send(Err(Refusal::Busy));
                    }
                }
            }
        };
        match watched {
            Watched::Ended(ended) => {
                // The session goes on without a file that can't be written.
                if let Err(error) = watcher.finish(&ended.report, &ended.why) {
                    let _ = writeln!(stderr(), "{error}");
                }
                Ok(ended)
            }
            Watched::Refused(why) => Err(UsageError::new(why)),
        }
    }

    /// Tells the listeners of the end, which have a say in the exit code; their errors stand in the files of the last run.
    async fn quit(&self, last: &Ended) -> Result<u8, UsageError> {
        let report = engine::quit(Arc::clone(&last.report), self.resources).await;
        if let Some(path) = self.options.json_file.as_ref().filter(|_| report != last.report) {
            output::write(path, &output::json(&report))?;
        }
        Ok(report.outcome.exit_code)
    }
}
