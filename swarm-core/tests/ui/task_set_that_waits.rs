use swarm_core::prelude::*;

#[task_set]
struct Forum;

#[tasks]
impl Forum {
    #[task]
    fn read(&mut self) {}
}

#[user]
struct Surfer;

#[tasks]
impl Surfer {
    #[task_set(2)]
    async fn forum(&mut self) -> Forum {
        Forum
    }
}

fn main() {}
