//! The run that options describe.

use crate::classes;
use crate::error::UsageError;
use crate::load::load;
use crate::options::Options;
use crate::participants::Participants;
use std::time::Instant;
use swarm_core::plan::RunSpec;
use swarm_core::user::{Registry, UserClass};

/// A run, and what one should know before it starts.
#[derive(Debug)]
pub(crate) struct Described {
    pub(crate) spec: RunSpec,
    /// The classes that take part.
    pub(crate) classes: Vec<&'static UserClass>,
    pub(crate) warnings: Vec<String>,
}

/// The classes that the options select; all if they name none.
pub(crate) fn selected(
    registry: &Registry,
    options: &Options,
) -> Result<Vec<&'static UserClass>, UsageError> {
    let names = options.classes.iter().chain(&options.class).map(String::as_str);
    classes::select(registry, &names.collect::<Vec<_>>())
}

/// The run of these classes that the options describe, with this seed if they have none.
pub(crate) fn describe(
    selected: &[&'static UserClass],
    options: &Options,
    seed: u64,
) -> Result<Described, UsageError> {
    let participants = Participants::new(selected, options)?;
    let left_out = participants.left_out.iter();
    let left_out = left_out.map(|class| format!("{class} is left out: the tags leave it no task"));
    let without_data = participants.without_data(&options.threshold.concat());
    let warnings = left_out.chain(without_data).collect();
    let spec = RunSpec {
        name: options.history.run_name.clone(),
        notes: options.history.notes.clone(),
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
        seed: options.seed.unwrap_or(seed),
        count_logins: options.count_logins,
        thresholds: options.threshold.concat(),
        exit_code_on_error: options.exit_code_on_error,
        client: options.client.options(&options.target),
        find_limit: options.limit.spec()?,
        validity: options.validity.unwrap_or_default(),
        request_log: options.request_log.clone(),
        task_filter: participants.filter,
        ..RunSpec::new(participants.specs)
    };
    Ok(Described { spec, classes: participants.classes, warnings })
}

/// A seed by chance, short enough to be typed.
pub(crate) fn drawn_seed() -> u64 {
    let drawn = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), Instant::now());
    drawn % 1_000_000
}
