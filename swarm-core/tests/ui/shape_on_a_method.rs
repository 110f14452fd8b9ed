use swarm_core::prelude::*;

struct Evening;

impl Evening {
    #[shape]
    fn users(&self, time: Duration) -> Option<u32> {
        Some(time.subsec_millis())
    }
}

fn main() {}
