use swarm_core::prelude::*;

#[shape("evening")]
fn evening(time: Duration) -> Option<u32> {
    Some(time.subsec_millis())
}

fn main() {}
