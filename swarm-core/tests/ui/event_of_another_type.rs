use swarm_core::prelude::*;

#[event(test_stop)]
fn notify(run: &RunSpec) {
    let _ = run;
}

fn main() {}
