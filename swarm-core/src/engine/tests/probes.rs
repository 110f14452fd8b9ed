//! What a probe records, on paused time: successes, failures, what is cut off, late starts, steps, figures of one's own.

use super::simulation::{Controls, Simulated, simulate};
use crate::plan::ClassSpec;
use crate::prelude::*;
use crate::stats::{Kind, RequestCounts, RequestKey};
use std::io;
use tokio::time::sleep;

const MS: Duration = Duration::from_millis(1);

/// Calls a service that is well, busy, or broken, by turns.
#[user(wait = constant(1s))]
struct Caller {
    probe: Probe,
    calls: u32,
}

async fn call(turn: u32) -> io::Result<&'static str> {
    sleep(20 * MS).await;
    match turn % 3 {
        0 => Ok("hello"),
        1 => Ok("busy"),
        _ => Err(io::ErrorKind::ConnectionRefused.into()),
    }
}

#[tasks]
impl Caller {
    #[task]
    async fn call(&mut self) -> TaskResult {
        self.calls += 1;
        let turn = self.calls - 1;
        let judged = async {
            let answer = call(turn).await?;
            (answer == "hello").or_fail("not greeted")?;
            Ok::<_, TaskError>(answer)
        };
        let answer = self.probe.measure_sized("CALL", "hello", judged, |it| it.len() as u64).await;
        if let Err(error) = &answer {
            let refused = error.find::<io::Error>().map(io::Error::kind);
            assert_eq!(refused.is_some(), turn % 3 == 2, "{error:?}");
        }
        answer?;
        self.probe.count("greetings", 1);
        Ok(())
    }
}

/// Does something in two requests; its last request takes for ever, its second step fails of itself.
#[user(wait = constant(1s))]
struct Stepper {
    probe: Probe,
    context: Context,
    steps: Vec<u32>,
}

#[tasks]
impl Stepper {
    #[task]
    async fn work(&mut self) -> TaskResult {
        let both = async {
            self.probe.measure("CALL", "first", call(0)).await?;
            self.context.wait().await;
            self.steps.push(1);
            self.probe.measure("CALL", "second", call(self.steps.len() as u32 + 1)).await
        };
        let step = self.probe.step("both", both).await;
        let failed = self.steps.len() == 1;
        assert_eq!(step.is_err(), failed);
        step?;
        let own = self.probe.step("own", async { false.or_fail("of itself") }).await;
        assert!(own.is_err(), "given back as it is");
        let endless = self.probe.measure("CALL", "endless", std::future::pending::<TaskResult>());
        self.probe.step("endless", endless).await?;
        Ok(())
    }
}

/// Its first run of each three takes longer than its pace.
#[user(wait = constant_throughput(10.0))]
struct Late {
    probe: Probe,
    context: Context,
}

#[tasks]
impl Late {
    #[task]
    async fn work(&mut self) -> TaskResult {
        let number = self.context.now().as_millis() as f64;
        self.probe.gauge("length", number);
        let two = async {
            self.probe.measure("CALL", "first", call(0)).await?;
            sleep(230 * MS).await;
            self.probe.measure("CALL", "second", call(0)).await
        };
        self.probe.step("two", two).await?;
        Ok(())
    }
}

fn run(class: &str, seconds: f64) -> Simulated {
    simulate(vec![ClassSpec::new(class, 1)], 7, async |shard: &Controls| {
        shard.load(1, 1e6);
        shard.until(seconds).await;
        shard.stop(0.0);
    })
}

impl Simulated {
    fn probed(&self, kind: Kind, method: &str, name: &str) -> RequestCounts {
        let key = RequestKey { kind, method: method.into(), name: name.into() };
        self.delta.requests.get(&key).cloned().unwrap_or_default()
    }

    fn call(&self, name: &str) -> RequestCounts {
        self.probed(Kind::Probe, "CALL", name)
    }

    fn step(&self, name: &str) -> RequestCounts {
        self.probed(Kind::Step, "STEP", name)
    }

    fn causes(&self) -> Vec<(String, u64)> {
        let rows = self.delta.failures.iter();
        rows.map(|(cause, seen)| (cause.join(" "), seen.count)).collect()
    }
}

#[test]
fn each_call_is_one_request_and_a_failed_one_is_no_exception_besides() {
    let simulated = run("Caller", 6.0);
    let calls = simulated.call("hello");
    assert_eq!((calls.ok.count(), calls.failed.count(), calls.bytes), (2, 4, 10));
    assert_eq!((calls.ok.min(), calls.failed.max()), (Some(20_000.0), Some(20_000.0)));
    assert!(calls.from_schedule.is_empty(), "nothing was due");
    let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
    let causes = [("CALL hello not greeted".to_owned(), 2), (format!("CALL hello {refused}"), 2)];
    assert_eq!(simulated.causes(), causes);
    assert_eq!(simulated.exceptions(), []);
    assert_eq!(simulated.task("Caller", "call").failed.count(), 4);
    assert_eq!(simulated.delta.metrics.counters["greetings"].total, 2);
    let examples = &simulated.delta.examples;
    assert_eq!((examples.failed.len(), examples.slow.len()), (2, 6));
    assert_eq!((examples.slow[0].method.as_str(), examples.slow[0].url.as_str()), ("CALL", ""));
}

#[test]
fn a_step_is_counted_apart_and_what_was_dropped_was_interrupted() {
    let simulated = run("Stepper", 6.0);
    let step = simulated.step("both");
    assert_eq!((step.ok.count(), step.failed.count()), (1, 1));
    assert_eq!(step.ok.max(), Some(40_000.0), "declared waits do not count");
    assert_eq!(simulated.step("own").failed.count(), 1);
    assert_eq!(simulated.step("endless").interrupted.count(), 1);
    assert_eq!(simulated.call("endless").interrupted.count(), 1);
    let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
    assert_eq!(simulated.causes(), [(format!("CALL second {refused}"), 1)], "told once");
    assert_eq!(simulated.exceptions(), []);
    assert!(simulated.delta.examples.slow.iter().all(|example| example.kind == Kind::Probe));
}

#[test]
fn a_late_start_is_charged_to_the_first_request_alone() {
    let simulated = run("Late", 0.7);
    // Due at 0, 100, 200 ms; started at 0, 270, 540 ms.
    let (first, second) = (simulated.call("first"), simulated.call("second"));
    assert_eq!(first.ok.max(), Some(20_000.0));
    assert_eq!((first.from_schedule.count(), first.from_schedule.max()), (3, Some(360_000.0)));
    assert_eq!(second.from_schedule.max(), Some(20_000.0));
    assert!(simulated.step("two").from_schedule.is_empty());
    let length = simulated.delta.metrics.gauges["length"];
    assert_eq!((length.spread.count(), length.last, length.spread.max()), (3, 540.0, 540.0));
}
