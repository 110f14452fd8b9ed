use swarm_core::prelude::*;

#[feed(rows = accounts)]
struct Account {
    name: String,
}

fn accounts() -> Vec<String> {
    Vec::new()
}

fn main() {}
