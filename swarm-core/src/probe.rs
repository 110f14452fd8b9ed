//! Measuring anything: what is no request of the HTTP client, as a request or as a step; and figures of one's own.

use crate::context::{Context, FromContext};
use crate::error::{SetupError, TaskError};
use crate::stats::{Kind, Phases, Sample, SampleResult};
use crate::trace::Traced;
use std::error::Error;
use std::fmt::{self, Display};
use std::time::Duration;
use tokio::time::Instant;

/// What steps have in place of a method.
const STEP: &str = "STEP";

/// Measures futures as requests or steps, and counts what a load test wants to know besides.
///
/// It is a field of a user, or of a client type of your own. Clones are the same probe.
///
/// ```
/// use swarm_core::prelude::*;
/// use tokio::net::TcpStream;
///
/// #[user]
/// struct Caller {
///     client: HttpClient,
///     probe: Probe,
///     basket: Vec<u32>,
/// }
///
/// #[tasks]
/// impl Caller {
///     #[task]
///     async fn connect(&mut self) -> TaskResult {
///         // Reported as `TCP cache`, with its time, and as a failure when it fails.
///         self.probe.measure("TCP", "cache", TcpStream::connect("127.0.0.1:6379")).await?;
///         Ok(())
///     }
///
///     #[task]
///     async fn buy(&mut self) -> TaskResult {
///         let bought = async {
///             self.basket.push(self.client.get("/item/42").await?.json()?);
///             self.client.post("/checkout").json(&self.basket).await?;
///             Ok::<_, TaskError>(())
///         };
///         self.probe.step("buy", bought).await?;
///         self.probe.count("items_bought", 1);
///         self.probe.trend("basket_size", self.basket.len() as f64);
///         Ok(())
///     }
/// }
/// ```
#[derive(Clone)]
pub struct Probe {
    context: Context,
}

#[diagnostic::do_not_recommend]
impl FromContext for Probe {
    fn from_context(context: &Context) -> Result<Self, SetupError> {
        Ok(Self { context: context.clone() })
    }
}

impl Probe {
    /// Measures a future as one request: it is counted in the totals, and reported by a word for its sort (`GRPC`, `SQL`) and a name.
    ///
    /// A name stands for requests that are alike: not for one of them, because the number of names is bounded. A future that is dropped before its
    /// end counts as interrupted. The late start of a task that was due is charged to its first request, as it is for HTTP.
    ///
    /// What makes a result a success is up to the future:
    ///
    /// ```
    /// # use swarm_core::prelude::*;
    /// # async fn lookup(_: &str) -> std::io::Result<Vec<String>> { Ok(Vec::new()) }
    /// async fn find(probe: &Probe, word: &str) -> Result<String, ProbeError> {
    ///     let found = async {
    ///         let first = lookup(word).await?.pop().or_fail("nothing found")?;
    ///         Ok::<_, TaskError>(first)
    ///     };
    ///     probe.measure("SEARCH", "one word", found).await
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// That of the future, which is a failed request then. Failures are grouped by its text with those of its sources.
    pub async fn measure<T, E: Into<TaskError>>(
        &self,
        method: &str,
        name: &str,
        future: impl Future<Output = Result<T, E>>,
    ) -> Result<T, ProbeError> {
        self.measure_sized(method, name, future, |_| 0).await
    }

    /// The same, with the size of the answer in bytes.
    ///
    /// ```
    /// # use swarm_core::prelude::*;
    /// async fn read(probe: &Probe, path: &str) -> Result<Vec<u8>, ProbeError> {
    ///     let content = async { std::fs::read(path) };
    ///     probe.measure_sized("FILE", "read", content, |content| content.len() as u64).await
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`measure`](Self::measure).
    pub async fn measure_sized<T, E: Into<TaskError>>(
        &self,
        method: &str,
        name: &str,
        future: impl Future<Output = Result<T, E>>,
        bytes: impl FnOnce(&T) -> u64,
    ) -> Result<T, ProbeError> {
        let measurement = Measurement::begin(&self.context, Kind::Probe, method, name);
        match future.await {
            Ok(answer) => {
                let bytes = bytes(&answer);
                measurement.end(SampleResult::Ok, bytes);
                Ok(answer)
            }
            Err(error) => {
                let error = ProbeError(error.into());
                measurement.end(SampleResult::Failed(&error.to_string()), 0);
                Err(error)
            }
        }
    }

    /// Measures a future as a step: something that a user does by several requests. It has a row of its own and is left out of the totals.
    ///
    /// Declared waits ([`Context::wait`]) in it do not count. When it fails, the reason stands with the request that failed, or as an exception of
    /// the task; so the error is given back as it is.
    ///
    /// # Errors
    ///
    /// That of the future.
    pub async fn step<T, E: Display>(
        &self,
        name: &str,
        future: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let measurement = Measurement::begin(&self.context, Kind::Step, STEP, name);
        let result = future.await;
        match &result {
            Ok(_) => measurement.end(SampleResult::Ok, 0),
            Err(error) => measurement.end(SampleResult::Failed(&error.to_string()), 0),
        }
        result
    }

    /// Adds to a counter: its sum and its rate are in the result.
    pub fn count(&self, name: &str, number: u64) {
        self.context.recorder(|recorder| recorder.count(name, number));
    }

    /// Sets a gauge, something that goes up and down, as the length of a queue: its last value, minimum, maximum and mean are in the result.
    ///
    /// What is not finite is left out.
    pub fn gauge(&self, name: &str, value: f64) {
        let at = self.context.now();
        self.context.recorder(|recorder| recorder.gauge(name, value, at));
    }

    /// Adds a value to a trend, as the price of a basket: minimum, maximum, mean and percentiles of all values are in the result.
    ///
    /// Values may have any size and sign; percentiles are within 0.1 %. What is not finite is left out.
    pub fn trend(&self, name: &str, value: f64) {
        self.context.recorder(|recorder| recorder.trend(name, value));
    }
}

/// A failed request that a [`Probe`] measured. It was recorded as a failure before user code sees it.
///
/// Its text is its cause: that of the error with those of its sources.
pub struct ProbeError(TaskError);

impl ProbeError {
    /// The error of type `E` that the future ended with, or that is a source of it.
    ///
    /// ```
    /// # use swarm_core::prelude::*;
    /// fn is_refused(error: &ProbeError) -> bool {
    ///     let error = error.find::<std::io::Error>();
    ///     error.is_some_and(|error| error.kind() == std::io::ErrorKind::ConnectionRefused)
    /// }
    /// ```
    #[must_use]
    pub fn find<E: Error + 'static>(&self) -> Option<&E> {
        self.0.find()
    }
}

impl Display for ProbeError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl fmt::Debug for ProbeError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ProbeError({})", self.0)
    }
}

impl Error for ProbeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.0.as_error())
    }
}

/// Records its one sample; as interrupted, if it is dropped before the end.
struct Measurement<'a> {
    context: &'a Context,
    kind: Kind,
    method: &'a str,
    name: &'a str,
    begun: Instant,
    /// Declared waits in the iteration when it began.
    waited: Duration,
    traced: Option<Traced>,
    open: bool,
}

impl<'a> Measurement<'a> {
    fn begin(context: &'a Context, kind: Kind, method: &'a str, name: &'a str) -> Self {
        let waited = context.waited();
        // A step is made of requests, which are traced.
        let traced = if kind == Kind::Step { None } else { context.begin_span() };
        Self { context, kind, method, name, begun: Instant::now(), waited, traced, open: true }
    }

    fn end(mut self, result: SampleResult<'_>, bytes: u64) {
        self.open = false;
        self.record(result, bytes);
    }

    fn record(&self, result: SampleResult<'_>, bytes: u64) {
        let elapsed = self.begun.elapsed();
        let (response_time, from_schedule) = match self.kind {
            Kind::Step => {
                let waited = self.context.waited().saturating_sub(self.waited);
                // A late start is charged to the first request in it.
                (elapsed.saturating_sub(waited), None)
            }
            Kind::Http | Kind::Auth | Kind::Probe => (elapsed, self.context.charge_delay(elapsed)),
        };
        let sample = Sample {
            kind: self.kind,
            method: self.method,
            name: self.name,
            response_time,
            from_schedule,
            phases: Phases::default(),
            bytes,
            status: None,
            result,
        };
        self.context.record(&sample, || self.context.example(&sample));
        if let Some(traced) = self.traced {
            self.context.end_span(traced, &sample, self.begun, None, None);
        }
        if let Some(onlooker) = self.context.onlooker() {
            onlooker.sample(&sample, Vec::new());
        }
    }
}

impl Drop for Measurement<'_> {
    fn drop(&mut self) {
        if self.open {
            self.record(SampleResult::Interrupted, 0);
        }
    }
}
