use swarm_core::prelude::*;

#[event(spawning_complete)]
fn all_there(users: &u32) {
    let _ = users;
}

fn main() {}
