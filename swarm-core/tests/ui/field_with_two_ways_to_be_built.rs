use swarm_core::prelude::*;

#[derive(Default)]
struct Wallet;

impl FromContext for Wallet {
    fn from_context(_: &Context) -> Result<Self, SetupError> {
        Ok(Wallet)
    }
}

fn main() {}
