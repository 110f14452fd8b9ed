use swarm_core::prelude::*;

#[event(test_strat)]
fn seed(run: &RunSpec) {
    let _ = run;
}

fn main() {}
