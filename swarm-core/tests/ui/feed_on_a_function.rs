use swarm_core::prelude::*;

#[feed(file = "accounts.csv")]
fn accounts() {}

fn main() {}
