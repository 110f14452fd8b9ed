//! The load that the options describe.

use crate::error::UsageError;
use crate::options::Options;
use swarm_core::plan::{Load, Shape};

/// What is to be brought to bear, by all classes without a load of their own.
pub(crate) fn load(options: &Options) -> Result<Load, UsageError> {
    if let Some(stages) = &options.stages {
        return Ok(Load::Stages { stages: stages.clone() });
    }
    if let Some(rate) = options.rate {
        return Ok(Load::Rate { rate });
    }
    if let Some(name) = &options.shape {
        let shape = Shape::find(name).map_err(|error| {
            UsageError::new(error.to_string()).nearest(name, error.known.iter().copied())
        })?;
        return shape.load(options.run_time).map_err(UsageError::new);
    }
    Ok(Load::users(options.users, options.spawn_rate))
}
