use swarm_core::prelude::*;

#[user]
struct Surfer;

#[tasks]
impl Surfer {
    #[task]
    fn home(&mut self) {}

    #[transition(home)]
    fn search(&mut self) {}
}

fn main() {}
