use swarm_core::prelude::*;

#[event(request)]
async fn seen(event: &RequestEvent<'_>) {
    let _ = event;
}

fn main() {}
