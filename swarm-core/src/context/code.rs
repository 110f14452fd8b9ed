//! Whose code runs: the class of a user, and the part of it.

use crate::wait::Wait;
use std::fmt::Display;

/// What a context knows of its class.
#[derive(Clone)]
pub(crate) struct Class {
    /// Its place among the classes of the run.
    pub(crate) place: u32,
    pub(crate) name: &'static str,
    /// Its own host, which holds where the run names none.
    pub(crate) host: Option<&'static str>,
    pub(crate) wait: Wait,
    /// Iterations of each user, if the class limits them.
    pub(crate) iterations: Option<u64>,
}

/// Which code of a user runs.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    /// Its name: the task's, or `on_start`, `forum::on_stop`.
    pub(crate) name: &'a dyn Display,
    /// The [number](crate::user::Selected::number) of the task; 0 for what is no task.
    pub(crate) task: u32,
}

impl<'a> At<'a> {
    /// Code that is no task.
    pub(crate) fn hook(name: &'a dyn Display) -> Self {
        Self { name, task: 0 }
    }
}
