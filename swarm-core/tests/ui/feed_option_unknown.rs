use swarm_core::prelude::*;

#[feed(path = "accounts.csv")]
struct Account {
    name: String,
}

fn main() {}
