use swarm_core::prelude::*;

#[event(quitting)]
fn judge(event: &mut Quitting) -> u8 {
    event.exit_code
}

fn main() {}
