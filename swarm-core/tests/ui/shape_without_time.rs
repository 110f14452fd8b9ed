use swarm_core::prelude::*;

#[shape]
fn evening() -> Option<u32> {
    None
}

fn main() {}
