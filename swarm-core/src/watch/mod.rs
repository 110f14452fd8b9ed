//! Looking on while one user lives: each request with what went over the wire, each task, each error, as it happens and without secrets.
//!
//! A run has nobody who looks on; a [`Trial`](crate::testing::Trial) has.

mod moment;
mod private;
mod onlooker;

pub use moment::{Answer, Body, Exception, Exchange, Moment, Recorded, TaskEnd};
pub(crate) use onlooker::Onlooker;
pub(crate) use private::without_query;
