//! A span for each request that is traced, for who follows requests through other systems: shards gather them, a sink takes them.
//!
//! No protocol is known here. A request that is traced sends its [`TraceParent`], so that what the target did for it joins.

use crate::random::Random;
use crate::secrets::Secrets;
use crate::stats::{Kind, Sample, SampleResult};
use crate::watch::without_query;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher as _;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::time::Instant;

/// Spans that a shard gathers before it hands them over.
const FULL: usize = 256;
/// Longest text of a span, in bytes: who receives them has a limit, and would take nothing of what is beyond it.
const LONGEST: usize = 1 << 10;

/// Takes spans, on the thread of a shard: it must not wait.
pub type Sink = Arc<dyn Fn(Vec<Span>) + Send + Sync>;

/// That requests of a run are traced.
///
/// All requests of an iteration are traced, or none; which iterations are follows from the run's seed.
#[derive(Clone)]
pub struct Tracing {
    /// Which part of the iterations, from 0 to 1.
    pub share: f64,
    /// Who is told.
    pub sink: Sink,
}

/// The place of a request in a trace: that which its own work for it hangs below.
///
/// As text it is the header `traceparent` of W3C's Trace Context, of a request that is sampled:
///
/// ```
/// use swarm_core::trace::TraceParent;
///
/// let text = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
/// let parent: TraceParent = text.parse()?;
/// assert_eq!(parent.span_id, 0xb7ad_6b71_6920_3331);
/// assert_eq!(parent.to_string(), text);
/// # Ok::<_, &'static str>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TraceParent {
    /// The trace, which is the request's alone.
    pub trace_id: u128,
    /// The request in it.
    pub span_id: u64,
}

/// A request that was traced, without secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// What was sent with it.
    pub traceparent: TraceParent,
    /// Name of the user's class.
    pub class: String,
    /// The user's number.
    pub user: u32,
    /// Which of the user's iterations, from 1; 0 before the first.
    pub iteration: u64,
    /// What sort of request.
    pub kind: Kind,
    /// `GET`, `POST`, …; the word that a probe was given.
    pub method: String,
    /// What it is reported as.
    pub name: String,
    /// Where it was sent first; none where it was not sent by HTTP, or had no address. Of a login without what stands behind the path.
    pub url: Option<String>,
    /// Begin, in nanoseconds since the Unix epoch.
    pub begin_ns: u64,
    /// End, in nanoseconds since the Unix epoch.
    pub end_ns: u64,
    /// Size of the answer's body.
    pub bytes: u64,
    /// HTTP status of the answer, if there was one.
    pub status: Option<u16>,
    /// How it ended.
    pub result: SpanResult,
}

/// How a request ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpanResult {
    /// Well.
    Ok,
    /// Badly.
    Failed {
        /// The cause that failures are grouped by.
        cause: String,
        /// The sort of cause in a word, as `timeout`; none where the status says it, or nothing is known.
        sort: Option<String>,
    },
    /// It was cut off.
    Interrupted,
}

/// A request that is traced, while it goes on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Traced {
    pub(crate) traceparent: TraceParent,
    iteration: u64,
}

/// What a span has besides its sample.
pub(crate) struct Traits<'a> {
    pub(crate) class: &'a str,
    pub(crate) user: u32,
    pub(crate) begun: Instant,
    pub(crate) url: Option<String>,
    pub(crate) sort: Option<&'static str>,
}

/// A shard's spans.
pub(crate) struct Tracer {
    /// None once the shard has ended.
    sink: Option<Sink>,
    share: f64,
    seed: u64,
    /// Not from the run's seed: the traces of two runs with the same seed are different ones.
    ids: fastrand::Rng,
    /// The same moment on the clock that durations are measured by and on that of the wall, in nanoseconds since the epoch.
    moment: (Instant, u64),
    gathered: Vec<Span>,
    secrets: Secrets,
}

impl Tracer {
    /// One for a run with this seed.
    pub(crate) fn new(tracing: Tracing, seed: u64, secrets: Secrets) -> Self {
        let Tracing { share, sink } = tracing;
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let ids = fastrand::Rng::with_seed(RandomState::new().hash_one(since));
        let moment = (Instant::now(), nanos(since));
        Self { sink: Some(sink), share, seed, ids, moment, gathered: Vec::new(), secrets }
    }

    /// A request of a user in this iteration begins. Returns its place in a trace, if it is traced.
    pub(crate) fn begin(&mut self, user: u32, iteration: u64) -> Option<Traced> {
        if self.share < 1.0 {
            // Of no other number by chance: users have the seed itself.
            let seed = self.seed ^ iteration.wrapping_add(1).wrapping_mul(0xD6E8_FEB8_6659_FD93);
            if Random::new(seed, user).unit() >= self.share {
                return None;
            }
        }
        // Zeros alone are no ids.
        let trace_id = self.ids.u128(1..);
        Some(Traced {
            traceparent: TraceParent { trace_id, span_id: self.ids.u64(1..) },
            iteration,
        })
    }

    /// It has ended.
    pub(crate) fn end(&mut self, traced: Traced, sample: &Sample<'_>, traits: Traits<'_>) {
        let Traits { class, user, begun, url, sort } = traits;
        let clean = |text: &str| {
            let clean = self.secrets.redact(text);
            clean[..clean.floor_char_boundary(LONGEST)].to_owned()
        };
        let is_login = sample.kind == Kind::Auth;
        let url = url.map(|url| clean(&if is_login { without_query(&url) } else { url }));
        let result = match sample.result {
            SampleResult::Ok => SpanResult::Ok,
            SampleResult::Interrupted => SpanResult::Interrupted,
            SampleResult::Failed(cause) => {
                SpanResult::Failed { cause: clean(cause), sort: sort.map(str::to_owned) }
            }
        };
        let (moment, at) = self.moment;
        // A request can begin before the shard's first one is traced, never before the epoch.
        let begin_ns = match begun.checked_duration_since(moment) {
            Some(after) => at.saturating_add(nanos(after)),
            None => at.saturating_sub(nanos(moment.duration_since(begun))),
        };
        self.gathered.push(Span {
            traceparent: traced.traceparent,
            class: class.to_owned(),
            user,
            iteration: traced.iteration,
            kind: sample.kind,
            method: clean(sample.method),
            name: clean(sample.name),
            url,
            begin_ns,
            end_ns: begin_ns.saturating_add(nanos(sample.response_time)),
            bytes: sample.bytes,
            status: sample.status,
            result,
        });
        if self.gathered.len() >= FULL {
            self.hand_over();
        }
    }

    /// Hands over what was gathered.
    pub(crate) fn hand_over(&mut self) {
        if let Some(sink) = self.sink.as_ref().filter(|_| !self.gathered.is_empty()) {
            sink(std::mem::take(&mut self.gathered));
        }
    }

    /// The shard has ended: user code that keeps a context for ever must not keep the sink.
    pub(crate) fn close(&mut self) {
        self.hand_over();
        self.sink = None;
    }
}

fn nanos(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

impl fmt::Debug for Tracing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Tracing").field("share", &self.share).finish_non_exhaustive()
    }
}

impl fmt::Display for TraceParent {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "00-{:032x}-{:016x}-01", self.trace_id, self.span_id)
    }
}

impl FromStr for TraceParent {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = "write 00-TRACE-SPAN-01, with 32 and 16 hexadecimal digits";
        let parts: Vec<&str> = text.split('-').collect();
        let ["00", trace, span, "01"] = *parts else { return Err(bad) };
        let trace_id = u128::from_str_radix(trace, 16).map_err(|_| bad)?;
        let span_id = u64::from_str_radix(span, 16).map_err(|_| bad)?;
        let parent = Self { trace_id, span_id };
        if parent.to_string() == text { Ok(parent) } else { Err(bad) }
    }
}

impl Serialize for TraceParent {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TraceParent {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests;
