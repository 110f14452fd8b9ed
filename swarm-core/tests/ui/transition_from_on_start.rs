use swarm_core::prelude::*;

#[user]
struct Surfer;

#[tasks]
impl Surfer {
    #[on_start]
    #[transition(home)]
    fn begin(&mut self) {}

    #[task]
    fn home(&mut self) {}
}

fn main() {}
