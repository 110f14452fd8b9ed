use swarm_core::prelude::*;

#[user(iterations = 0)]
struct Guest;

#[tasks]
impl Guest {
    #[task]
    fn come(&mut self) {}
}

fn main() {}
