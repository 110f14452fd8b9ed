//! Sending while a run goes on, and for a while after it.

use super::account::{Account, Signal};
use super::post::Post;
use super::receiver::Receiver;
use super::wire::{ExportServiceResponse, KeyValue, Resource};
use super::{points, spans};
use prost::Message;
use std::io;
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use swarm_core::engine::{RunHandle, Snapshot};
use swarm_core::trace::{Span, Tracing};
use tokio::runtime::Builder;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, interval_at, sleep};

/// How long what is left may be sent after the end of a run.
const LAST: Duration = Duration::from_secs(5);
/// How long a message with spans is tried to be delivered.
const PATIENCE: Duration = Duration::from_secs(30);
/// Heaps of spans that may wait, each of some hundred: what a receiver may be behind by.
const QUEUE: usize = 128;
/// Spans of one message.
const MOST: usize = 2_048;

/// Sends what a run shows, on a thread of its own.
pub(crate) struct Exporter {
    tracing: Option<Tracing>,
    told: mpsc::UnboundedReceiver<String>,
    /// Gets the figures of the end; dropped without them, if the run never began.
    end: watch::Sender<Option<Arc<Snapshot>>>,
    ended: oneshot::Receiver<()>,
    account: Arc<Account>,
    receiver: Arc<Receiver>,
}

/// What does the work.
struct Work {
    receiver: Arc<Receiver>,
    resource: Resource,
    post: Post,
    handle: RunHandle,
    /// The run before, whose figures are nobody's any more.
    before: u32,
    end: watch::Receiver<Option<Arc<Snapshot>>>,
    account: Arc<Account>,
}

impl Exporter {
    /// For the next run that is started.
    ///
    /// # Errors
    ///
    /// A thread or certificates that can't be had.
    pub(crate) fn start(receiver: Receiver, handle: &RunHandle) -> io::Result<Self> {
        let receiver = Arc::new(receiver);
        let post = Post::new(&receiver).map_err(io::Error::other)?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (tell, told) = mpsc::unbounded_channel();
        let account = Account::new(tell);
        if let Some(warning) = receiver.warning() {
            account.tell(warning);
        }
        let (sender, queue) = mpsc::channel::<Vec<Span>>(QUEUE);
        let counted = Arc::clone(&account);
        let tracing = receiver.share.map(|share| Tracing {
            share,
            sink: Arc::new(move |spans| {
                counted.gives(spans.len());
                // What does not fit is lost, because the load must not wait.
                let _ = sender.try_send(spans);
            }),
        });
        let (end, ending) = watch::channel(None);
        let (done, ended) = oneshot::channel();
        let attributes = receiver.resource.iter();
        let attributes = attributes.map(|(key, value)| KeyValue::text(key, value)).collect();
        let work = Work {
            resource: Resource { attributes },
            receiver: Arc::clone(&receiver),
            post,
            before: handle.snapshots().borrow().run,
            handle: handle.clone(),
            end: ending,
            account: Arc::clone(&account),
        };
        thread::Builder::new().name("swarm-otlp".to_owned()).spawn(move || {
            runtime.block_on(work.until_over(queue));
            // Who waited may be gone.
            let _ = done.send(());
        })?;
        Ok(Self { tracing, told, end, ended, account, receiver })
    }

    /// What the run is to be started with.
    pub(crate) fn tracing(&mut self) -> Option<Tracing> {
        self.tracing.take()
    }

    /// The next warning.
    pub(crate) async fn told(&mut self) -> Option<String> {
        self.told.recv().await
    }

    /// The run ended with these figures: sends what is left, as far as that goes in a few seconds, or until it is told to stop. Returns what is to be said.
    pub(crate) async fn finish(
        mut self,
        last: Arc<Snapshot>,
        stop: impl Future<Output = ()>,
    ) -> Vec<String> {
        self.end.send_replace(Some(last));
        tokio::select! {
            _ = self.ended => {}
            () = stop => {}
        }
        let mut texts = Vec::new();
        while let Ok(text) = self.told.try_recv() {
            texts.push(text);
        }
        let losses = self.account.losses(&self.receiver);
        texts.extend(losses.into_iter().map(|loss| format!("warning: {loss}")));
        texts
    }
}

impl Work {
    async fn until_over(self, queue: mpsc::Receiver<Vec<Span>>) {
        let over = async {
            self.ended().await;
            sleep(LAST).await;
        };
        let all = async { tokio::join!(self.metrics(), self.traces(queue)) };
        tokio::select! {
            _ = all => {}
            () = over => {}
        }
    }

    /// Waits for the end of the run. Returns its figures; none if it never began.
    async fn ended(&self) -> Option<Arc<Snapshot>> {
        let mut end = self.end.clone();
        end.wait_for(Option::is_some).await.ok()?.clone()
    }

    async fn metrics(&self) {
        let every = self.receiver.every;
        let mut ticks = interval_at(Instant::now() + every, every);
        loop {
            tokio::select! {
                last = self.ended() => {
                    if let Some(last) = last {
                        self.export(&last, Instant::now() + LAST, true).await;
                    }
                    return;
                }
                at = ticks.tick() => {
                    let snapshot = self.handle.with_histograms().await;
                    if snapshot.run > self.before {
                        // What is newer says all that this says.
                        tokio::select! {
                            () = self.export(&snapshot, at + every, false) => {}
                            _ = self.ended() => {}
                        }
                    }
                }
            }
        }
    }

    async fn export(&self, snapshot: &Snapshot, until: Instant, last: bool) {
        let message = points::message(&self.resource, snapshot).encode_to_vec();
        let delivered = self.send(Signal::Metrics, &message, until).await.is_some();
        self.account.exported(delivered, last);
    }

    async fn traces(&self, mut queue: mpsc::Receiver<Vec<Span>>) {
        loop {
            let first = tokio::select! {
                biased;
                first = queue.recv() => first,
                _ = self.ended() => queue.try_recv().ok(),
            };
            let Some(mut all) = first else { return };
            while all.len() < MOST
                && let Ok(more) = queue.try_recv()
            {
                all.extend(more);
            }
            let count = all.len() as u64;
            let message = spans::message(&self.resource, all).encode_to_vec();
            let until = Instant::now() + PATIENCE;
            if let Some(rejected) = self.send(Signal::Traces, &message, until).await {
                self.account.takes(count.saturating_sub(rejected));
            }
        }
    }

    /// Sends a message until this time. Returns how much of it was rejected; none if it could not be delivered.
    async fn send(&self, signal: Signal, message: &[u8], until: Instant) -> Option<u64> {
        let url = match signal {
            Signal::Metrics => &self.receiver.metrics,
            Signal::Traces => &self.receiver.traces,
        };
        let trouble = |why: &str| self.account.trouble(signal, &self.receiver, why);
        let answer = self.post.send(url, message, until, trouble).await.ok()?;
        // Who answers in another way took it all.
        let answer = ExportServiceResponse::decode(&*answer).unwrap_or_default();
        let partial = answer.partial_success.unwrap_or_default();
        if partial.rejected > 0 || !partial.error_message.is_empty() {
            let why = &partial.error_message;
            self.account.partial(signal, &self.receiver, partial.rejected, why);
        }
        Some(u64::try_from(partial.rejected).unwrap_or(0))
    }
}
