//! Tasks: what `#[tasks]` says about an `impl` block.

use crate::error::{TaskError, TaskResult};
use crate::plan::TaskFilter;

/// One task of a class.
#[derive(Debug, Clone, Copy)]
pub struct Task {
    /// Its name: the method's, or the one given.
    pub name: &'static str,
    /// How often it is picked, relative to the class's other tasks.
    pub weight: u32,
    /// Its tags.
    pub tags: &'static [&'static str],
    /// First paragraph of its documentation.
    pub doc: &'static str,
    /// Its line in the class's file.
    pub line: u32,
}

impl Task {
    /// The weights of tasks in a run, in their order.
    #[must_use]
    pub fn weights(tasks: &[Self], filter: &TaskFilter) -> Vec<u32> {
        tasks.iter().map(|task| filter.weight(task.weight, task.tags)).collect()
    }
}

/// The tasks of a user: implemented by `#[tasks]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no tasks",
    label = "a user class without a `#[tasks]` block",
    note = "write `#[tasks] impl {Self} {{ … }}` with at least one `#[task]` method in it"
)]
pub trait Tasks: 'static {
    /// The tasks; [`run`](Self::run) takes an index into them.
    const TASKS: &'static [Task];

    /// Runs once when the user starts; it is tried again when it fails.
    fn on_start(&mut self) -> impl Future<Output = TaskResult> {
        async { Ok(()) }
    }

    /// Runs once when the user stops.
    fn on_stop(&mut self) -> impl Future<Output = TaskResult> {
        async { Ok(()) }
    }

    /// Runs the task with this index.
    fn run(&mut self, task: usize) -> impl Future<Output = TaskResult>;
}

/// What a task may return: nothing, or a result whose error goes into [`TaskError`].
#[diagnostic::on_unimplemented(
    message = "a task or listener can't return `{Self}`",
    label = "neither `()` nor a `Result<(), E>`",
    note = "tasks return `TaskResult`, `()`, or a `Result` whose error implements `std::error::Error`"
)]
pub trait IntoTaskResult {
    /// The result.
    ///
    /// # Errors
    ///
    /// The task's own.
    fn into_task_result(self) -> TaskResult;
}

impl IntoTaskResult for () {
    fn into_task_result(self) -> TaskResult {
        Ok(())
    }
}

impl<T, E: Into<TaskError>> IntoTaskResult for Result<T, E> {
    fn into_task_result(self) -> TaskResult {
        self.map(drop).map_err(Into::into)
    }
}
