use swarm_core::prelude::*;

#[user]
struct Surfer;

#[tasks]
impl Surfer {
    #[task]
    #[transition(search, 3)]
    fn home(&mut self) {}

    #[task]
    fn search(&mut self) {}
}

fn main() {}
