use swarm_core::prelude::*;

#[event(test_start)]
fn seed() {}

fn main() {}
