//! The shards of this machine, as one: told by [`Fleet::tell`], heard by [`Fleet::next`].

use super::crowds::Crowds;
use super::shard::run;
use super::shard::seat::{FromShard, Seat, ToShard};
use crate::context::{Pulse, Resources};
use crate::event::Listeners;
use crate::plan::RunSpec;
use crate::request_log::RequestLog;
use crate::trace::Tracing;
use crate::user::UserClass;
use std::io;
use std::sync::Arc;
use std::thread;
use tokio::runtime::{Builder, LocalOptions};
use tokio::sync::mpsc;
use tokio::time::Instant;

/// The shards of one run: threads with a single-threaded runtime each.
pub(super) struct Fleet {
    shards: Vec<mpsc::UnboundedSender<ToShard>>,
    /// What each shard's thread is doing.
    pulses: Vec<Arc<Pulse>>,
    reports: mpsc::UnboundedReceiver<FromShard>,
}

/// Where each request is told, besides the figures.
#[derive(Clone, Copy)]
pub(super) struct Ways<'a> {
    pub(super) log: Option<&'a RequestLog>,
    pub(super) tracing: Option<&'a Tracing>,
}

impl Fleet {
    /// Starts one shard per core that this process may use.
    ///
    /// # Errors
    ///
    /// A thread or runtime that the operating system refuses.
    pub(super) fn launch(
        spec: &Arc<RunSpec>,
        classes: &[&'static UserClass],
        resources: &Resources,
        listeners: &Arc<Listeners>,
        ways: Ways<'_>,
        origin: Instant,
    ) -> io::Result<Self> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let (reports, from_shards) = mpsc::unbounded_channel();
        let mut shards = Vec::with_capacity(cores);
        let pulses: Vec<Arc<Pulse>> = (0..cores).map(|_| Arc::default()).collect();
        for (number, pulse) in pulses.iter().enumerate() {
            let (shard, commands) = mpsc::unbounded_channel();
            let seat = Seat {
                number,
                shards: cores,
                spec: Arc::clone(spec),
                classes: classes.to_vec(),
                resources: resources.clone(),
                listeners: Arc::clone(listeners),
                log: ways.log.map(RequestLog::way),
                tracing: ways.tracing.cloned(),
                pulse: Arc::clone(pulse),
                origin,
                commands,
                reports: reports.clone(),
            };
            // A runtime belongs to its thread, so it is built there; what goes wrong is told back.
            let (ready, built) = std::sync::mpsc::channel();
            thread::Builder::new().name(format!("swarm-shard-{number}")).spawn(move || {
                let runtime =
                    Builder::new_current_thread().enable_all().build_local(LocalOptions::default());
                match runtime {
                    Ok(runtime) => {
                        let _ = ready.send(Ok(()));
                        runtime.block_on(run(seat));
                    }
                    Err(error) => drop(ready.send(Err(error))),
                }
            })?;
            built.recv().unwrap_or_else(|_| Err(io::Error::other("a shard ended at once")))?;
            shards.push(shard);
        }
        Ok(Self { shards, pulses, reports: from_shards })
    }

    /// What each shard's thread is doing.
    pub(super) fn pulses(&self) -> Vec<Arc<Pulse>> {
        self.pulses.clone()
    }

    /// How many shards there are.
    pub(super) fn size(&self) -> usize {
        self.shards.len()
    }

    /// Gives each shard the plans and its own share of the users.
    pub(super) fn set(&self, crowds: &Crowds) {
        for (number, shard) in self.shards.iter().enumerate() {
            let _ = shard.send(ToShard::Plans(crowds.orders(number, self.size())));
        }
    }

    /// Tells all shards the same.
    pub(super) fn tell(&self, command: &ToShard) {
        for shard in &self.shards {
            // A shard that has ended needs no telling.
            let _ = shard.send(command.clone());
        }
    }

    /// What the next shard has to say; none when all have said their last.
    pub(super) async fn next(&mut self) -> Option<FromShard> {
        self.reports.recv().await
    }
}
