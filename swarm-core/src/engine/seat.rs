//! What a shard is made of, what it is told and what it tells.

use crate::context::{Pulse, Resources};
use crate::event::Listeners;
use crate::plan::{Plan, RunSpec};
use crate::request_log::Way;
use crate::stats::Delta;
use crate::user::UserClass;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// How often a shard hands over its figures.
pub(super) const PERIOD: Duration = Duration::from_secs(1);

/// What a shard is told.
#[derive(Debug, Clone)]
pub(super) enum ToShard {
    /// What each crowd shall do.
    Plans(Vec<Orders>),
    /// Stop all users; what still runs at this time is cut off.
    Stop(Instant),
    /// Forget the figures so far.
    Reset,
}

/// What one crowd shall do on one shard.
#[derive(Debug, Clone)]
pub(super) struct Orders {
    /// What is wanted when, on all shards together.
    pub(super) plan: Plan,
    /// Which of its users live here: (index in the crowd, class), lowest first.
    pub(super) mine: Vec<(usize, usize)>,
}

/// What a shard tells.
#[derive(Debug)]
pub(super) enum FromShard {
    /// Its figures, once a second.
    Figures(Box<Figures>),
    /// A user of this class wants the run to end.
    StopTest { class: &'static str, reason: String },
}

/// What happened on a shard since it told the last time.
#[derive(Debug)]
pub(super) struct Figures {
    /// Which shard it is.
    pub(super) shard: usize,
    /// Which second of the run this is, from 0; those before it are complete.
    pub(super) second: u64,
    /// What is new since the last.
    pub(super) delta: Delta,
    /// The longest time by which anything on its thread was late.
    pub(super) lag: Duration,
    /// Its users, by class.
    pub(super) users: Vec<ClassUsers>,
    /// Whether it is the last one: all users are gone.
    pub(super) last: bool,
}

/// The users of one class on one shard.
#[derive(Debug, Clone, Default)]
pub(super) struct ClassUsers {
    /// Not logged in yet.
    pub(super) starting: u32,
    /// At work.
    pub(super) running: u32,
    /// Ended by themselves.
    pub(super) ended: u32,
    /// In the middle of an iteration.
    pub(super) in_flight: u32,
    /// Why the last one that could not start could not.
    pub(super) start_error: Option<String>,
}

/// What a shard is made of.
pub(super) struct Seat {
    /// Which shard it is, of so many.
    pub(super) number: usize,
    pub(super) shards: usize,
    pub(super) spec: Arc<RunSpec>,
    pub(super) classes: Vec<&'static UserClass>,
    pub(super) resources: Resources,
    pub(super) listeners: Arc<Listeners>,
    /// The way to the request log, if there is one.
    pub(super) log: Option<Way>,
    pub(super) pulse: Arc<Pulse>,
    pub(super) origin: Instant,
    pub(super) commands: mpsc::UnboundedReceiver<ToShard>,
    pub(super) reports: mpsc::UnboundedSender<FromShard>,
}
