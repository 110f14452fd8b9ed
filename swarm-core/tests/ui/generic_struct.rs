use swarm_core::prelude::*;

#[user]
struct Shopper<T> {
    state: T,
}

#[tasks]
impl Shopper<u32> {
    #[task]
    async fn buy(&mut self) {
        self.state += 1;
    }
}

fn main() {}
