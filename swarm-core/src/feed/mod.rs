//! Test data for users: rows of a type, from a file or from code, given out in a declared order.
//!
//! Rows are loaded and checked before a run starts. A file stays in memory as its text, and a row is read when a user gets it. The users of all
//! threads share one cursor for each feed, an atomic number; only rows that are lent (`unique`) take a lock.

mod order;
mod shuffle;
mod cursor;
mod reason;
mod csv_file;
mod json_lines;
mod file;
mod declaration;
mod table;
mod feeds;
mod field;

pub use declaration::{FeedDeclaration, FeedRow, FileRow, IntoRows, Source};
pub use feeds::Feeds;
pub use field::{Feed, FeedError, Row};
pub use order::{AtEnd, Order};

#[cfg(test)]
mod tests;
