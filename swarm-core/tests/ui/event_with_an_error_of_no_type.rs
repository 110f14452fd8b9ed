use swarm_core::prelude::*;

#[event(test_start)]
async fn seed(run: &RunSpec) -> Result<(), u32> {
    Err(u32::from(run.exit_code_on_error))
}

fn main() {}
