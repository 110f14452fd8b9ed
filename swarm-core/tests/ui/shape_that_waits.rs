use swarm_core::prelude::*;

#[shape]
async fn evening(time: Duration) -> Option<u32> {
    Some(time.subsec_millis())
}

fn main() {}
