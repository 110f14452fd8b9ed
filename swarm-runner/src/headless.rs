//! A session without a web page: it runs what the options say, as often as is wanted, and ends.

use crate::error::UsageError;
use crate::history::History;
use crate::logging::Logged;
use crate::options::Options;
use crate::repeat;
use crate::signals::Signals;
use crate::watcher::{Watched, Watcher};
use swarm_core::context::Resources;
use swarm_core::engine::{self, RunHandle};
use swarm_core::judge::exit_code::{self, graver};
use swarm_core::plan::RunSpec;

/// Runs it, with progress on the console. Returns the gravest exit code.
pub(crate) async fn conduct(
    handle: &RunHandle,
    resources: &Resources,
    spec: &RunSpec,
    options: &Options,
    history: &History,
    logged: &mut Logged,
) -> Result<u8, UsageError> {
    let mut signals = Signals::new().map_err(UsageError::cant_start)?;
    let mut exit_code = exit_code::PASSED;
    for number in 1..=options.repeat {
        let options = repeat::of_run(number, options, spec);
        let spec = RunSpec {
            seed: spec.seed.wrapping_add(u64::from(number - 1)),
            request_log: options.request_log.clone(),
            ..spec.clone()
        };
        let mut watcher = Watcher::new(&options, spec.length(), logged)?;
        if options.repeat > 1 {
            watcher.tell(&format!("run {number} of {}", options.repeat));
        }
        let ended = match watcher.watch(handle, spec.into(), &mut signals, || ()).await? {
            Watched::Ended(ended) => ended,
            Watched::Refused(why) => return Err(UsageError::new(why)),
        };
        let last = number == options.repeat || ended.interrupted;
        let report = match last {
            true => engine::quit(ended.report, resources).await,
            false => ended.report,
        };
        let finished = watcher.finish(&report, &ended.why);
        history.keep(&report);
        finished?;
        exit_code = graver(exit_code, report.outcome.exit_code);
        if last {
            break;
        }
    }
    Ok(exit_code)
}
