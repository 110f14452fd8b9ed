use swarm_core::prelude::*;

#[user]
struct Shopper {
    client: HttpClient,
}

#[tasks]
impl Clone for Shopper {
    fn clone(&self) -> Self {
        todo!()
    }
}

fn main() {}
