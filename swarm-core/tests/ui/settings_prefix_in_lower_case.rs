use swarm_core::prelude::*;

#[settings(prefix = "shop")]
struct Login {
    name: String,
}

fn main() {}
