use swarm_core::prelude::*;

#[feed(file = "accounts.csv")]
struct Account {
    name: String,
}

fn main() {}
