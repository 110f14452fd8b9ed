use swarm_core::prelude::*;

#[user]
struct Surfer;

#[tasks]
impl Surfer {
    #[task]
    #[transition]
    fn home(&mut self) {}
}

fn main() {}
