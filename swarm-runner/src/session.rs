//! A session with the web page: it serves the page, and runs what is started there, one run after the other, until a signal ends it.

use crate::classes;
use crate::error::UsageError;
use crate::exports;
use crate::history::History;
use crate::logging::Logged;
use crate::options::Options;
use crate::repeat;
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
use swarm_core::settings::SettingValues;
use swarm_core::user::Registry;
use tokio::sync::mpsc::Receiver;
use tokio::time::sleep;

/// What a session works with.
pub(crate) struct Session<'a> {
    pub(crate) handle: &'a RunHandle,
    pub(crate) resources: &'a Resources,
    pub(crate) registry: &'a Registry,
    pub(crate) options: &'a Options,
    pub(crate) history: Arc<History>,
    pub(crate) logged: &'a mut Logged,
}

impl Session<'_> {
    /// Serves and runs. Returns the exit code of the last run; 0 if there was none.
    pub(crate) async fn conduct(mut self, spec: RunSpec) -> Result<u8, UsageError> {
        let mut signals = Signals::new().map_err(UsageError::cant_start)?;
        let (handle, resources) = (self.handle.clone(), self.resources.clone());
        let registry = self.registry.clone();
        let (log, history) = (self.logged.kept(), Arc::clone(&self.history));
        let (web, mut starts) =
            Web::serve(handle, resources, registry, &spec, self.options, log, history)?;
        self.logged.hide_always(web.secrets());
        let _ = writeln!(stderr(), "web page on {}", web.link());
        if let Some(warning) = web.warning() {
            let _ = writeln!(stderr(), "warning: {warning}");
        }
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
        web.close().await;
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
                Some(line) = self.logged.next() => drop(writeln!(stderr(), "{line}")),
            }
        }
    }

    /// Runs it to its end, and writes its result. Who waits for an answer gets it when the run begins.
    async fn run(
        &mut self,
        mut start: Start,
        answer: &mut Option<Answer>,
        starts: &mut Receiver<StartRequest>,
        signals: &mut Signals,
    ) -> Result<Ended, UsageError> {
        self.hide_secrets(&start);
        let length = start.spec.length();
        let options = repeat::of_run(1, self.options, &start.spec);
        start.spec.request_log.clone_from(&options.request_log);
        let mut watcher = Watcher::new(&options, length, self.logged)?;
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
                self.history.keep(&ended.report);
                Ok(ended)
            }
            Watched::Refused(why) => Err(UsageError::new(why)),
        }
    }

    /// Takes the secrets that the run is given out of what is logged, before anything of it runs.
    fn hide_secrets(&self, start: &Start) {
        let known = self.resources.get::<SettingValues>().unwrap_or_default();
        let resources = self.resources.clone().with(known.overridden(start.settings.clone()));
        let names: Vec<&str> = start.spec.classes.iter().map(|it| it.name.as_str()).collect();
        // They are known when they are read, which the check does; what is wrong the engine says.
        let _ = classes::select(self.registry, &names)
            .and_then(|classes| classes::check(&classes, &resources, None));
        self.logged.hide(known.secrets());
    }

    /// Tells the listeners of the end, which have a say in the exit code; their errors stand in the files of the last run.
    async fn quit(&self, last: &Ended) -> Result<u8, UsageError> {
        let report = engine::quit(Arc::clone(&last.report), self.resources).await;
        if report != last.report {
            self.history.keep_again(&report);
            exports::write(&repeat::of_run(1, self.options, &report.run.spec), &report)?;
        }
        Ok(report.outcome.exit_code)
    }
}
