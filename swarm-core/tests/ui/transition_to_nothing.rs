use swarm_core::prelude::*;

#[user]
struct Surfer;

#[tasks]
impl Surfer {
    #[task]
    #[transition(serach)]
    fn home(&mut self) {}

    #[task]
    #[transition(home)]
    fn search(&mut self) {}
}

fn main() {}
