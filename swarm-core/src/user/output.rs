//! What a task may return.

use crate::error::{TaskError, TaskResult};
use crate::http::Response;
use std::ops::ControlFlow;

/// What a task may return: nothing, a [`ControlFlow`], a [`Response`], or a `Result` of these whose error goes into [`TaskError`].
///
/// [`ControlFlow::Break`] leaves the task set; where there is none, it ends the user.
#[diagnostic::on_unimplemented(
    message = "a task or listener can't return `{Self}`",
    label = "neither `()` nor a `Result<(), E>`",
    note = "tasks return `TaskResult`, `()`, or a `Result` whose error implements `std::error::Error`; `ControlFlow<()>` may stand for `()`",
    note = "a method that enters a task set is marked `#[task_set]`, not `#[task]`"
)]
pub trait TaskOutput {
    /// How it goes on.
    ///
    /// # Errors
    ///
    /// The task's own.
    fn flow(self) -> TaskResult<ControlFlow<()>>;
}

#[diagnostic::do_not_recommend]
impl TaskOutput for () {
    fn flow(self) -> TaskResult<ControlFlow<()>> {
        Ok(ControlFlow::Continue(()))
    }
}

#[diagnostic::do_not_recommend]
impl TaskOutput for ControlFlow<()> {
    fn flow(self) -> TaskResult<ControlFlow<()>> {
        Ok(self)
    }
}

/// So that a task may be no more than a request.
#[diagnostic::do_not_recommend]
impl TaskOutput for Response {
    fn flow(self) -> TaskResult<ControlFlow<()>> {
        Ok(ControlFlow::Continue(()))
    }
}

#[diagnostic::do_not_recommend]
impl<T: TaskOutput, E: Into<TaskError>> TaskOutput for Result<T, E> {
    fn flow(self) -> TaskResult<ControlFlow<()>> {
        self.map_err(Into::into)?.flow()
    }
}
