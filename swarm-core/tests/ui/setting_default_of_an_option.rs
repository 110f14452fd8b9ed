use swarm_core::prelude::*;

#[settings]
struct Login {
    #[setting(default = "demo")]
    name: Option<String>,
}

fn main() {}
