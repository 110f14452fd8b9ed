use swarm_core::prelude::*;

#[feed(file = "accounts.csv", order = shufled)]
struct Account {
    name: String,
}

fn main() {}
