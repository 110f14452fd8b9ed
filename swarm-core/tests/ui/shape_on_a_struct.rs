use swarm_core::prelude::*;

#[shape]
struct Evening;

fn main() {}
