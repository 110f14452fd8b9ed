use swarm_core::prelude::*;

#[user]
fn shopper() {}

fn main() {}
