use swarm_core::prelude::*;

#[task_set(weight = 2)]
struct Forum;

#[tasks]
impl Forum {
    #[task]
    fn read(&mut self) {}
}

fn main() {}
