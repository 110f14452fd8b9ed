//! swarm-runner
