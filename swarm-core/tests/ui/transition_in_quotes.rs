use swarm_core::prelude::*;

#[user]
struct Surfer;

#[tasks]
impl Surfer {
    #[task]
    #[transition("home")]
    fn home(&mut self) {}
}

fn main() {}
