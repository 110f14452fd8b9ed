use swarm_core::prelude::*;

#[settings(prefix_flags)]
struct Login {
    name: String,
}

fn main() {}
