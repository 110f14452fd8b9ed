//! What several benchmarks use: a server of their own, pinned processes, options.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "for programs of its developers, which fail loudly"
)]

pub mod cpu;
pub mod nginx;

/// A whole number given by name on the command line; cargo adds flags of its own.
///
/// # Panics
/// If it is no whole number.
#[must_use]
pub fn option(name: &str, default: u64) -> u64 {
    let mut arguments = std::env::args().skip_while(|argument| argument != name);
    arguments.nth(1).map_or(default, |value| value.parse().expect("a whole number"))
}
