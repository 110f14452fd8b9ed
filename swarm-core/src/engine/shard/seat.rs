//! What a shard is made of, what it is told and what it tells.

use crate::context::{Pulse, Resources};
use crate::event::Listeners;
use crate::plan::{Plan, RunSpec};
use crate::request_log::Way;
use crate::stats::Delta;
use crate::trace::Tracing;
use crate::user::UserClass;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// How often a shard hands over its figures.
pub(crate) const PERIOD: Duration = Duration::from_secs(1);

/// What a shard is told.
#[derive(Debug, Clone)]
pub(crate) enum ToShard {
    /// What each crowd shall do.
    Plans(Vec<Orders>),
    /// Stop all users; what still runs at this time is cut off.
    Stop(Instant),
    /// Forget the figures so far.
    Reset,
}

/// What one crowd shall do on one shard.
#[derive(Debug, Clone)]
pub(crate) struct Orders {
    /// What is wanted when, on all shards together.
    pub(crate) plan: Plan,
    /// Which of its users live here: (index in the crowd, class), lowest first.
    pub(crate) mine: Vec<(usize, usize)>,
}

/// What a shard tells.
#[derive(Debug)]
pub(crate) enum FromShard {
    /// Its figures, once a second.
    Figures(Box<Figures>),
    /// A user of this class wants the run to end.
    StopTest { class: &'static str, reason: String },
    /// A user set a mark.
    Mark { at: Duration, text: String },
}

/// What happened on a shard since it told the last time.
#[derive(Debug)]
pub(crate) struct Figures {
    /// Which shard it is.
    pub(crate) shard: usize,
    /// Which second of the run this is, from 0; those before it are complete.
    pub(crate) second: u64,
    /// What is new since the last.
    pub(crate) delta: Delta,
    /// The longest time by which anything on its thread was late.
    pub(crate) lag: Duration,
    /// Its users, by class.
    pub(crate) users: Vec<ClassUsers>,
    /// Whether it is the last one: all users are gone.
    pub(crate) last: bool,
}

/// The users of one class on one shard.
#[derive(Debug, Clone, Default)]
pub(crate) struct ClassUsers {
    /// Not logged in yet.
    pub(crate) starting: u32,
    /// At work.
    pub(crate) running: u32,
    /// Ended by themselves.
    pub(crate) ended: u32,
    /// In the middle of an iteration.
    pub(crate) in_flight: u32,
    /// Why the last one that could not start could not.
    pub(crate) start_error: Option<String>,
}

/// What a shard is made of.
pub(crate) struct Seat {
    /// Which shard it is, of so many.
    pub(crate) number: usize,
    pub(crate) shards: usize,
    pub(crate) spec: Arc<RunSpec>,
    pub(crate) classes: Vec<&'static UserClass>,
    pub(crate) resources: Resources,
    pub(crate) listeners: Arc<Listeners>,
    /// The way to the request log, if there is one.
    pub(crate) log: Option<Way>,
    /// That requests are traced, if they are.
    pub(crate) tracing: Option<Tracing>,
    pub(crate) pulse: Arc<Pulse>,
    pub(crate) origin: Instant,
    pub(crate) commands: mpsc::UnboundedReceiver<ToShard>,
    pub(crate) reports: mpsc::UnboundedSender<FromShard>,
}
