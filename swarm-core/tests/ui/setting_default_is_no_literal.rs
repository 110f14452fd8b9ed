use swarm_core::prelude::*;

#[settings]
struct Login {
    #[setting(default = String::new())]
    name: String,
}

fn main() {}
