use swarm_core::prelude::*;

const OFTEN: f64 = 2.0;

#[user(visits = OFTEN)]
struct Guest;

#[tasks]
impl Guest {
    #[task]
    fn come(&mut self) {}
}

fn main() {}
