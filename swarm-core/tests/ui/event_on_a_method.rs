use swarm_core::prelude::*;

struct Seeder;

impl Seeder {
    #[event(test_start)]
    fn seed(&self, run: &RunSpec) {
        let _ = run;
    }
}

fn main() {}
