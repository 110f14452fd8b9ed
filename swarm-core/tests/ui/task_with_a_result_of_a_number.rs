use swarm_core::prelude::*;

#[user]
struct Surfer;

#[tasks]
impl Surfer {
    #[task]
    fn count(&mut self) -> TaskResult<u32> {
        Ok(7)
    }
}

fn main() {}
