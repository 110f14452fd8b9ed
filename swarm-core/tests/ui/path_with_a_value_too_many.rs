use swarm_core::prelude::*;

fn target() -> swarm_core::http::Path {
    path!("/item/{id}", id = 1, color = 2)
}

fn main() {}
