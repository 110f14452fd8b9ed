use swarm_core::prelude::*;

#[feed(file = "accounts.csv", rows = accounts)]
struct Account {
    name: String,
}

fn accounts() -> Vec<Account> {
    Vec::new()
}

fn main() {}
