use swarm_core::prelude::*;

#[settings]
struct Login {
    #[setting(default = 5s)]
    number: u32,
}

fn main() {}
