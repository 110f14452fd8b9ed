use swarm_core::prelude::*;

#[shape]
fn evening(time: Duration, users: u32) -> Option<u32> {
    Some(users + time.subsec_millis())
}

fn main() {}
