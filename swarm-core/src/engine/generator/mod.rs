//! The load generator, which examines itself while it runs.

mod machine;
mod lookout;
mod examination;

pub(super) use examination::Examination;
