use swarm_core::prelude::*;

#[shape]
fn evening(time: Duration) {
    drop(time);
}

fn main() {}
