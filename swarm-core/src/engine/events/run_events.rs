//! Telling listeners what happens to the run as a whole: in order, one listener at a time, beside the run.

use super::apart::{Failed, Job, LIMIT, apart};
use crate::engine::deadline::reached;
use crate::engine::handle::{Command, Ends, Order, Question, Stop};
use crate::engine::life::panics;
use crate::event::listener::Listening;
use crate::event::{Listeners, On};
use crate::judge::Ending;
use crate::plan::RunSpec;
use crate::report::Report;
use crate::secrets::Secrets;
use crate::stats::{Delta, Recorder};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;

/// What happens to a run.
#[derive(Debug)]
pub(crate) enum Happening {
    Init(Arc<RunSpec>),
    TestStart(Arc<RunSpec>),
    SpawningComplete(u32),
    Stopping(Ending),
    TestStop(Arc<Report>),
}

/// A listener that is to be told, with what its error is reported as.
type Due = (String, Job<Result<(), Failed>>);

/// The listeners of one happening, and who wants to know that they have heard it.
struct Announcement {
    due: Vec<Due>,
    heard: oneshot::Sender<()>,
}

/// An error of a listener: what that is reported as, and what went wrong.
type Failure = (String, Failed);

/// The way to the listeners of one run.
pub(crate) struct RunEvents {
    listeners: Arc<Listeners>,
    queue: mpsc::UnboundedSender<Announcement>,
    failures: mpsc::UnboundedReceiver<Failure>,
    /// When what still runs is cut off; no further listener is told then.
    cut_at: watch::Sender<Option<Instant>>,
    recorder: Recorder,
    secrets: Secrets,
}

impl RunEvents {
    /// Must be called where `tokio::spawn` works.
    pub(crate) fn new(listeners: Arc<Listeners>, secrets: Secrets) -> Self {
        Self::with_limit(listeners, secrets, LIMIT)
    }

    /// The same, with another time limit for each listener.
    pub(crate) fn with_limit(listeners: Arc<Listeners>, secrets: Secrets, limit: Duration) -> Self {
        panics::install();
        let (queue, announcements) = mpsc::unbounded_channel();
        let (failed, failures) = mpsc::unbounded_channel();
        let (cut_at, cut) = watch::channel(None);
        tokio::spawn(tell_in_order(announcements, failed, cut, limit));
        let recorder = Recorder::default().redacting(secrets.clone());
        Self { listeners, queue, failures, cut_at, recorder, secrets }
    }

    /// What is taken out of every text of the run.
    pub(crate) fn secrets(&self) -> Secrets {
        self.secrets.clone()
    }

    /// Tells the listeners, behind those told before. What comes back resolves when they have heard it.
    pub(crate) fn tell(&self, happening: &Happening) -> oneshot::Receiver<()> {
        let (heard, all_heard) = oneshot::channel();
        let due = due(&self.listeners, happening);
        // The other end lives as long as this one.
        let _ = self.queue.send(Announcement { due, heard });
        all_heard
    }

    /// Tells the listeners, and waits for them, while questions are answered. Returns the orders that came meanwhile; one to stop cuts the listeners off, in its
    /// time.
    pub(crate) async fn tell_and_wait(
        &self,
        happenings: &[Happening],
        stop_timeout: Duration,
        ends: &mut Ends,
        answer: impl Fn(Question),
    ) -> Vec<Order> {
        let (mut came, mut open) = (Vec::new(), true);
        let all: Vec<_> = happenings.iter().map(|happening| self.tell(happening)).collect();
        for mut heard in all {
            loop {
                let order = tokio::select! {
                    biased;
                    _ = &mut heard => break,
                    order = ends.orders.recv(), if open => order,
                    Some(question) = ends.questions.recv() => {
                        answer(question);
                        continue;
                    }
                };
                let stop = match order.as_ref().map(|order| &order.command) {
                    Some(Command::Stop(Stop::Graceful)) => Some(stop_timeout),
                    // Or nobody is left who could want the result.
                    Some(Command::Stop(Stop::Now)) | None => Some(Duration::ZERO),
                    Some(_) => None,
                };
                if let Some(after) = stop {
                    self.cut_at.send_replace(Some(Instant::now() + after));
                }
                open = order.is_some();
                came.extend(order);
            }
        }
        self.cut_at.send_replace(None);
        came
    }

    /// The errors since the last time, as exceptions.
    pub(crate) fn drain(&mut self) -> Delta {
        while let Ok((listener, failed)) = self.failures.try_recv() {
            failed.record(&mut self.recorder, &listener);
        }
        self.recorder.drain()
    }
}

/// Runs the listeners, one after the other.
async fn tell_in_order(
    mut announcements: mpsc::UnboundedReceiver<Announcement>,
    failed: mpsc::UnboundedSender<Failure>,
    mut cut_at: watch::Receiver<Option<Instant>>,
    limit: Duration,
) {
    while let Some(Announcement { due, heard }) = announcements.recv().await {
        for (listener, job) in due {
            if cut_at.borrow().is_some_and(|at| at <= Instant::now()) {
                break;
            }
            let ran = tokio::select! {
                ran = apart(job, limit) => ran.map_err(Failed::from).flatten(),
                () = cut(&mut cut_at) => Err("cut off: the run was told to stop".to_owned().into()),
            };
            if let Err(why) = ran {
                let _ = failed.send((listener, why));
            }
        }
        let _ = heard.send(());
    }
}

/// Resolves when listeners are to be cut off.
async fn cut(cut_at: &mut watch::Receiver<Option<Instant>>) {
    loop {
        let at = *cut_at.borrow_and_update();
        tokio::select! {
            () = reached(at) => return,
            changed = cut_at.changed() => if changed.is_err() {
                std::future::pending::<()>().await;
            },
        }
    }
}

/// Those who listen to it.
fn due(listeners: &Listeners, happening: &Happening) -> Vec<Due> {
    match happening {
        Happening::Init(spec) => {
            jobs(&listeners.init, spec, |call, spec| Box::pin(async move { call(&spec).await }))
        }
        Happening::TestStart(spec) => jobs(&listeners.test_start, spec, |call, spec| {
            Box::pin(async move { call(&spec).await })
        }),
        Happening::SpawningComplete(users) => {
            jobs(&listeners.spawning_complete, users, |call, users| call(users))
        }
        Happening::Stopping(why) => {
            jobs(&listeners.stopping, why, |call, why| Box::pin(async move { call(&why).await }))
        }
        Happening::TestStop(report) => jobs(&listeners.test_stop, report, |call, report| {
            Box::pin(async move { call(&report).await })
        }),
    }
}

fn jobs<C: Copy + Send + 'static, T: Clone + Send + 'static>(
    listeners: &[On<C>],
    told: &T,
    run: fn(C, T) -> Listening<'static>,
) -> Vec<Due> {
    let job = |on: &On<C>| -> Due {
        let (call, told) = (on.call, told.clone());
        let job = move || -> Pin<Box<dyn Future<Output = Result<(), Failed>>>> {
            Box::pin(async move { run(call, told).await.map_err(Failed::from) })
        };
        (on.label.clone(), Box::new(job))
    };
    listeners.iter().map(job).collect()
}
