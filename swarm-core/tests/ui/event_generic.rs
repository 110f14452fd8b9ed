use swarm_core::prelude::*;

#[event(test_start)]
fn seed<T: Default>(run: &RunSpec) {
    let _ = run;
}

fn main() {}
