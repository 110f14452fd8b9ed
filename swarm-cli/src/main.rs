//! swarm-cli
fn main() {}
