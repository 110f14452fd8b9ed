use swarm_core::prelude::*;

fn target() -> swarm_core::http::Path {
    path!("/item/{the id}")
}

fn main() {}
