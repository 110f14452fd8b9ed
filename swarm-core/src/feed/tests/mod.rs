//! Files as people write them, good and bad; orders, by property.

mod files;
mod orders;
