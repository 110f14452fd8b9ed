//! Asks while a run goes on, and tells the run what was answered.
//!
//! Asked is for each whole second of the clock, as Grafana does, so that what stores answers on the way has them. Every five seconds it asks for those that were not
//! asked for: a request for each second would be many, and each would find what was scraped last, at whatever time that was. What is measured now can be asked for
//! only when it was scraped and stored, so it stays two seconds behind, at the end too. After a time without answers all that is missing is asked for.

use super::answer::Trouble;
use super::prometheus::{Answered, Prometheus};
use super::wanted::Wanted;
use crate::error::UsageError;
use crate::observe_options::Query;
use futures_util::future::join_all;
use std::io::{Write as _, stderr};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use swarm_core::engine::{Command, Event, Observation, RunHandle};
use swarm_core::stats::ObservedValues;
use tokio::runtime::Builder;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{sleep, sleep_until, timeout};

/// How often it asks.
const PERIOD: Duration = Duration::from_secs(5);
/// How long it takes until what was measured is stored.
const LAG: Duration = Duration::from_secs(2);
/// How long the last answers of a run may take.
const LAST: Duration = Duration::from_secs(5);
/// Most seconds that are asked for at once: of more a Prometheus has no answer.
const MOST_SECONDS: u64 = 3_600;
/// Series of one query that a result keeps.
const KEPT: usize = 10;

/// Looks at the target of all runs of the program.
pub(crate) struct Observer {
    prometheus: Prometheus,
    handle: RunHandle,
    /// Whether it was told that there are no answers.
    in_trouble: bool,
}

impl Observer {
    /// Asks everything once, because what is wrong then will be: a query, an address.
    pub(crate) async fn check(wanted: Wanted, handle: &RunHandle) -> Result<Self, UsageError> {
        let shown = wanted.shown();
        let prometheus = Prometheus::new(wanted)
            .map_err(|error| UsageError::new(format!("can't observe {shown}: {error}")))?;
        // What was scraped in this second is there in the next.
        let now = seconds(SystemTime::now()) + 1;
        let mut clock_told = false;
        for Query { name, text } in &prometheus.wanted().queries {
            let answered = prometheus.ask(text, now..=now).await;
            let Answered { series, skew_s } = answered.map_err(|trouble| match trouble {
                Trouble::Query(why) => {
                    UsageError::new(format!("{shown} refuses the query `{name}`: {why}"))
                        .help(format!("it was asked for {text}"))
                }
                Trouble::Other(why) => UsageError::new(format!("can't observe {shown}: {why}"))
                    .help("--observe is the address of a Prometheus, as far as its /api/v1"),
            })?;
            let warning = match series.len() {
                0 => Some(format!("the query `{name}` has no data now")),
                many if many > KEPT => {
                    let which = format!("the query `{name}` has more than {KEPT} series");
                    Some(format!("{which}: only so many are kept"))
                }
                _ => None,
            };
            let skew_s = skew_s.filter(|_| !std::mem::replace(&mut clock_told, true));
            let skewed = skew_s.map(|skew| {
                let side = if skew > 0.0 { "ahead of" } else { "behind" };
                let skew = skew.abs();
                format!("the clock of {shown} is {skew:.1} s {side} ours: what it measures stands at its times")
            });
            for warning in warning.into_iter().chain(skewed) {
                let _ = writeln!(stderr(), "warning: {warning}");
            }
        }
        Ok(Self { prometheus, handle: handle.clone(), in_trouble: false })
    }

    /// Begins, on a thread of its own.
    pub(crate) fn start(mut self) -> Result<(), UsageError> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(UsageError::cant_start)?;
        let mut events = self.handle.events();
        let observe = move || {
            runtime.block_on(async {
                while let Some(event) = next(&mut events).await {
                    if matches!(event, Event::Started) {
                        self.observe(&mut events).await;
                    }
                }
            });
        };
        let thread = thread::Builder::new().name("swarm-observe".to_owned()).spawn(observe);
        thread.map(drop).map_err(UsageError::cant_start)
    }

    /// Observes one run, to its end.
    async fn observe(&mut self, events: &mut Receiver<Event>) {
        // So that the run waits for the last.
        self.tell(Vec::new(), true);
        let mut asked = vec![seconds(SystemTime::now()); self.prometheus.wanted().queries.len()];
        tokio::select! {
            () = end(events) => {}
            () = self.follow(&mut asked) => {}
        }
        let until = seconds(SystemTime::now());
        sleep(LAG).await;
        let last = timeout(LAST, self.ask(&mut asked, until)).await;
        self.tell(last.unwrap_or_default(), false);
    }

    /// Asks again and again.
    async fn follow(&mut self, asked: &mut [u64]) {
        let mut due = tokio::time::Instant::now();
        loop {
            due += PERIOD;
            sleep_until(due).await;
            let until = seconds(SystemTime::now() - LAG);
            let series = self.ask(asked, until).await;
            self.tell(series, true);
        }
    }

    /// Asks for what each query was not asked for up to this second.
    async fn ask(&mut self, asked: &mut [u64], until: u64) -> Vec<ObservedValues> {
        let queries = &self.prometheus.wanted().queries;
        let due = queries.iter().zip(&*asked).map(|(query, asked)| {
            let from = (asked + 1).max(until.saturating_sub(MOST_SECONDS));
            let prometheus = &self.prometheus;
            async move {
                // There may be no whole second between two questions.
                if from > until {
                    None
                } else {
                    Some(prometheus.ask(&query.text, from..=until).await)
                }
            }
        });
        let answers = join_all(due).await;
        let (mut new, mut trouble) = (Vec::new(), None);
        for ((query, asked), answer) in queries.iter().zip(asked).zip(answers) {
            match answer {
                None => {}
                Some(Ok(Answered { series, .. })) => {
                    *asked = until;
                    new.extend(series.into_iter().map(|series| ObservedValues {
                        name: query.name.clone(),
                        query: query.text.clone(),
                        labels: series.labels,
                        values: series.values,
                    }));
                }
                Some(Err(Trouble::Query(why) | Trouble::Other(why))) => trouble = Some(why),
            }
        }
        self.note(trouble);
        new
    }

    /// Says that there are no answers, or that there are again: once each.
    fn note(&mut self, trouble: Option<String>) {
        if trouble.is_some() == self.in_trouble {
            return;
        }
        self.in_trouble = trouble.is_some();
        let shown = self.prometheus.wanted().shown();
        match trouble {
            Some(why) => {
                log::warn!("can't observe {shown}: {why}; the run goes on, and it is tried again");
            }
            None => log::info!("{shown} answers again"),
        }
    }

    fn tell(&self, series: Vec<ObservedValues>, more: bool) {
        self.handle.send(Command::Observed(Observation { series, more }));
    }
}

/// The next event; none when no more runs can come.
async fn next(events: &mut Receiver<Event>) -> Option<Event> {
    loop {
        match events.recv().await {
            Ok(event) => return Some(event),
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return None,
        }
    }
}

/// Resolves when all users of a run are gone.
async fn end(events: &mut Receiver<Event>) {
    while let Some(event) = next(events).await {
        if matches!(event, Event::UsersGone | Event::Ended { .. }) {
            return;
        }
    }
}

/// Whole seconds since the Unix epoch.
fn seconds(at: SystemTime) -> u64 {
    at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
