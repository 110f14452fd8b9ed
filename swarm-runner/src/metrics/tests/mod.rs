//! Tests of what a run shows.

mod runs;
mod families;
mod text;
