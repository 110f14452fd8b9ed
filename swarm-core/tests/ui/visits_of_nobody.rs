use swarm_core::prelude::*;

#[user(visits = 0/s)]
struct Guest;

#[tasks]
impl Guest {
    #[task]
    fn come(&mut self) {}
}

fn main() {}
