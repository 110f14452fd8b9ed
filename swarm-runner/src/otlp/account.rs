//! What became of all that was to be sent.

use super::receiver::Receiver;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc::UnboundedSender;

/// What is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Signal {
    Metrics,
    Traces,
}

/// Counts, and tells what is wrong: each thing once.
#[derive(Debug)]
pub(super) struct Account {
    /// Spans that requests gave, and that the receiver took.
    given: AtomicU64,
    taken: AtomicU64,
    /// Exports of metrics, and those of them that failed.
    exports: AtomicU64,
    failed: AtomicU64,
    /// Whether the receiver has the figures of the end.
    complete: AtomicBool,
    told: Mutex<BTreeSet<(Signal, bool)>>,
    tell: UnboundedSender<String>,
}

impl Account {
    pub(super) fn new(tell: UnboundedSender<String>) -> Arc<Self> {
        Arc::new(Self {
            given: AtomicU64::new(0),
            taken: AtomicU64::new(0),
            exports: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            complete: AtomicBool::new(false),
            told: Mutex::default(),
            tell,
        })
    }

    /// So many spans were made.
    pub(super) fn gives(&self, spans: usize) {
        self.given.fetch_add(spans as u64, Relaxed);
    }

    /// So many of them were delivered.
    pub(super) fn takes(&self, spans: u64) {
        self.taken.fetch_add(spans, Relaxed);
    }

    /// Metrics were sent, or could not be; those of the end or others.
    pub(super) fn exported(&self, delivered: bool, last: bool) {
        self.exports.fetch_add(1, Relaxed);
        if !delivered {
            self.failed.fetch_add(1, Relaxed);
        } else if last {
            self.complete.store(true, Relaxed);
        }
    }

    /// Something can't be sent now.
    pub(super) fn trouble(&self, signal: Signal, to: &Receiver, why: &str) {
        let what = match signal {
            Signal::Metrics => "metrics",
            Signal::Traces => "traces",
        };
        self.once((signal, false), format!("can't send {what} to {to}: {why}"));
    }

    /// A part of what was sent was refused, or there is something to be said of it.
    pub(super) fn partial(&self, signal: Signal, to: &Receiver, rejected: i64, why: &str) {
        let what = match signal {
            Signal::Metrics => "data points",
            Signal::Traces => "spans",
        };
        let why = to.secrets.redact(why);
        // Who receives may write anything.
        let why: String = why.chars().filter(|letter| !letter.is_control()).take(200).collect();
        self.once((signal, true), format!("{to} refused {rejected} {what}: {why}"));
    }

    fn once(&self, what: (Signal, bool), text: String) {
        if self.told.lock().unwrap_or_else(PoisonError::into_inner).insert(what) {
            self.tell(text);
        }
    }

    /// Tells a warning.
    pub(super) fn tell(&self, text: impl fmt::Display) {
        // Who has ended needs no telling.
        let _ = self.tell.send(format!("warning: {text}"));
    }

    /// What is missing there, in words, when the run has ended.
    pub(super) fn losses(&self, to: &Receiver) -> Vec<String> {
        let get = |count: &AtomicU64| count.load(Relaxed);
        let (given, taken) = (get(&self.given), get(&self.taken));
        let (exports, failed) = (get(&self.exports), get(&self.failed));
        let mut losses = Vec::new();
        if !self.complete.load(Relaxed) {
            losses.push(format!("{to} does not have the figures of the end"));
        } else if failed > 0 {
            losses.push(format!("{failed} of {exports} exports of metrics to {to} failed"));
        }
        if taken < given {
            let lost = given - taken;
            losses.push(format!("{lost} of {given} spans for {to} were lost"));
        }
        losses
    }
}
