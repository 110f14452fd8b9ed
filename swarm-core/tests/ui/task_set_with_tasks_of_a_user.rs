use swarm_core::prelude::*;

#[task_set]
struct Forum;

#[tasks]
impl Forum {
    #[task]
    fn read(&mut self) {}
}

#[user]
struct Surfer;

#[tasks]
impl Surfer {
    #[task]
    fn forum(&mut self) -> Forum {
        Forum
    }
}

fn main() {}
