//! What stands in the files, as other programs read it.

mod html;
mod junit;
mod markdown;
