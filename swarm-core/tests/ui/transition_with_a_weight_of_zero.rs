use swarm_core::prelude::*;

#[user]
struct Surfer;

#[tasks]
impl Surfer {
    #[task]
    #[transition(home, 0)]
    fn home(&mut self) {}
}

fn main() {}
