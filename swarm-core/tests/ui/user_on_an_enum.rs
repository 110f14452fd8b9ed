use swarm_core::prelude::*;

#[user]
enum Shopper {
    Quick,
}

fn main() {}
