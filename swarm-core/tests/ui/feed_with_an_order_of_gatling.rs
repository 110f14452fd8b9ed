use swarm_core::prelude::*;

#[feed(file = "accounts.csv", order = queue)]
struct Account {
    name: String,
}

fn main() {}
