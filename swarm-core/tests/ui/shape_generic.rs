use swarm_core::prelude::*;

#[shape]
fn evening<T: Into<u32>>(time: Duration) -> Option<u32> {
    Some(time.subsec_millis())
}

fn main() {}
