use swarm_core::prelude::*;

#[task_set(wait = constant(1s))]
struct Forum;

fn main() {}
