use swarm_core::prelude::*;

#[task_set]
struct Forum<T> {
    thread: T,
}

fn main() {}
