use swarm_core::prelude::*;

#[shape]
fn evening(time: f64) -> Option<u32> {
    Some(time as u32)
}

fn main() {}
