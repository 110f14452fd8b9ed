use swarm_core::prelude::*;

#[task_set]
enum Forum {
    Open,
}

fn main() {}
