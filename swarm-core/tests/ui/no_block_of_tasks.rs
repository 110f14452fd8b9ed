use swarm_core::prelude::*;

#[user]
struct Shopper {
    client: HttpClient,
}


fn main() {}
