//! The classes of users, one file each.

mod anonymous;
mod authenticated;
