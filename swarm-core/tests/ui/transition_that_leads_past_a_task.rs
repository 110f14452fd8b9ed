use swarm_core::prelude::*;

#[user]
struct Surfer;

#[tasks]
impl Surfer {
    #[task]
    #[transition(search)]
    fn home(&mut self) {}

    #[task]
    #[transition(home)]
    fn search(&mut self) {}

    #[task]
    #[transition(home)]
    fn help(&mut self) {}
}

fn main() {}
