use swarm_core::prelude::*;

#[event(user_start)]
fn greet(context: &Context, number: u32) {
    let _ = (context, number);
}

fn main() {}
