use swarm_core::prelude::*;

#[user]
struct Surfer;

#[tasks]
impl Surfer {
    #[task]
    #[transition(home)]
    #[transition(home, 2)]
    fn home(&mut self) {}
}

fn main() {}
