use swarm_core::prelude::*;

#[settings(prefix = "SWARM")]
struct Login {
    name: String,
}

fn main() {}
