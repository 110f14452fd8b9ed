//! From an annotated struct to an exact result, with real processes.

mod load;
mod server;

mod endings;
mod exactness;
