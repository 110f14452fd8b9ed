use swarm_core::prelude::*;

#[feed(file = "accounts.json")]
struct Account {
    name: String,
}

fn main() {}
