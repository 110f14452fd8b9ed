//! What stands in the files, as other programs read it.

mod junit;
mod markdown;
