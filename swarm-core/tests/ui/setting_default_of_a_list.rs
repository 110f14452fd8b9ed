use swarm_core::prelude::*;

#[settings]
struct Login {
    #[setting(default = "demo")]
    names: Vec<String>,
}

fn main() {}
