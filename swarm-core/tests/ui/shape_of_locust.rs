use swarm_core::prelude::*;

#[shape]
fn tick(time: Duration) -> Option<(u32, f64)> {
    Some((time.subsec_millis(), 1.0))
}

fn main() {}
