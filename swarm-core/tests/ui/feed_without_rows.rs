use swarm_core::prelude::*;

#[feed(order = unique)]
struct Account {
    name: String,
}

fn main() {}
