//! The run that the options describe.

use crate::error::UsageError;
use crate::load::load;
use crate::options::Options;
use crate::participants::Participants;
use std::time::Instant;
use swarm_core::plan::RunSpec;

/// The run that the options describe.
pub(crate) fn spec(options: &Options, participants: Participants) -> Result<RunSpec, UsageError> {
    let seed = options.seed.unwrap_or_else(|| {
        let drawn =
            std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), Instant::now());
        // Short enough to be typed.
        drawn % 1_000_000
    });
    Ok(RunSpec {
        host: options.target.host.clone(),
        load: load(options)?,
        max_users: options.max_users,
        max_names: options.max_names,
        arrivals: options.arrivals,
        run_time: options.run_time,
        warmup: options.warmup,
        iterations: options.iterations,
        user_iterations: options.user_iterations,
        stop_timeout: options.stop_timeout,
        seed,
        count_logins: options.count_logins,
        thresholds: options.threshold.concat(),
        exit_code_on_error: options.exit_code_on_error,
        client: options.client.options(&options.target),
        find_limit: options.limit.spec()?,
        validity: options.validity.unwrap_or_default(),
        request_log: options.request_log.clone(),
        task_filter: participants.filter,
        ..RunSpec::new(participants.specs)
    })
}
