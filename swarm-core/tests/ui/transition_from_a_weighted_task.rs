use swarm_core::prelude::*;

#[user]
struct Surfer;

#[tasks]
impl Surfer {
    #[task(3)]
    #[transition(home)]
    fn home(&mut self) {}
}

fn main() {}
