use swarm_core::prelude::*;

struct Level(u32);

#[settings]
struct Login {
    level: Level,
}

fn main() {}
