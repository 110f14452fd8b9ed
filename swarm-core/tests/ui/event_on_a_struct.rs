use swarm_core::prelude::*;

#[event(test_start)]
struct Seed;

fn main() {}
