//! `cargo swarm` in crates of all shapes, as a process.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod sandbox;

mod complete;
mod real;
mod selection;
mod start;
