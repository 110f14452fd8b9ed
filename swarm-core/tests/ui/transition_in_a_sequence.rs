use swarm_core::prelude::*;

#[user(sequential)]
struct Surfer;

#[tasks]
impl Surfer {
    #[task]
    #[transition(home)]
    fn home(&mut self) {}
}

fn main() {}
