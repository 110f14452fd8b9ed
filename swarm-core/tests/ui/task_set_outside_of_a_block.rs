use swarm_core::prelude::*;

struct Forum;

struct Surfer;

impl Surfer {
    #[task_set]
    fn forum(&mut self) -> Forum {
        Forum
    }
}

fn main() {}
