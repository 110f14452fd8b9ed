use swarm_core::prelude::*;

#[feed(file = "accounts.csv", order = once(stop))]
struct Account {
    name: String,
}

fn main() {}
