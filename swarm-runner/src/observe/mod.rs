//! Observing the target while runs go on: by asking a Prometheus, or what speaks its language, on a thread of its own.
//!
//! It can slow nothing: what it learns goes the way of all commands. Who is asked is said when the program starts and never by the page, which could else make
//! this machine ask whatever it likes.

mod answer;
mod wanted;
mod prometheus;
mod observer;

pub(crate) use observer::Observer;
pub(crate) use wanted::Wanted;
