use swarm_core::prelude::*;

#[event(request_success)]
fn seen(event: &RequestEvent<'_>) {
    let _ = event;
}

fn main() {}
