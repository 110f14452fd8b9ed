use swarm_core::prelude::*;

#[transition(home)]
fn home() {}

fn main() {}
