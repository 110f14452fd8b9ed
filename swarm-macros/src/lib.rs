//! swarm-macros
