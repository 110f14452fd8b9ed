use swarm_core::prelude::*;

#[tasks]
struct Shopper;

fn main() {}
