use swarm_core::prelude::*;

#[event]
fn seed(run: &RunSpec) {
    let _ = run;
}

fn main() {}
