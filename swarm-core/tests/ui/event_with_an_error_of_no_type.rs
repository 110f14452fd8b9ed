use swarm_core::prelude::*;

#[event(test_start)]
async fn seed(run: &RunSpec) -> Result<(), u32> {
    Err(run.load.users)
}

fn main() {}
