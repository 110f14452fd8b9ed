use swarm_core::prelude::*;

#[settings]
struct Login {
    names: Option<Vec<String>>,
}

fn main() {}
