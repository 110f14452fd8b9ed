//! Load test of a small shop: visitors who look around, and customers who log in and buy.
//!
//! `cargo swarm -p shop --demo` runs it against a site that swarm itself serves.

mod settings;
mod users;
