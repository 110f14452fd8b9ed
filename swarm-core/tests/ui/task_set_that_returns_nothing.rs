use swarm_core::prelude::*;

#[user]
struct Surfer;

#[tasks]
impl Surfer {
    #[task_set]
    fn forum(&mut self) {}
}

fn main() {}
