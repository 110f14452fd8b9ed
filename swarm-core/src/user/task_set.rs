//! Sets of tasks: the code that `#[tasks]` makes of methods, of a class or of a set of its own.

use super::task::{Task, TaskList};
use crate::error::TaskResult;
use crate::wait::Wait;
use std::ops::ControlFlow;
use std::pin::Pin;

/// The tasks of a struct: implemented by `#[tasks]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no tasks",
    label = "a struct without a `#[tasks]` block",
    note = "write `#[tasks] impl {Self} {{ … }}` with at least one `#[task]` method in it"
)]
pub trait Tasks {
    /// The tasks.
    const TASKS: &'static [Task];

    /// Runs once at the start. A user tries again when it fails; a set is left.
    fn on_start(&mut self) -> impl Future<Output = TaskResult<ControlFlow<()>>> {
        async { Ok(ControlFlow::Continue(())) }
    }

    /// Runs once at the end.
    fn on_stop(&mut self) -> impl Future<Output = TaskResult> {
        async { Ok(()) }
    }

    /// Runs the task with this index in [`TASKS`](Self::TASKS); what breaks leaves the set, or ends the user.
    fn run(&mut self, task: usize) -> impl Future<Output = TaskResult<ControlFlow<()>>>;

    /// The set that the task with this index enters; none if it is a task by itself.
    fn enter(&mut self, task: usize) -> Option<Entered<'_>> {
        let _ = task;
        None
    }
}

/// A set of tasks: implemented by `#[task_set]`, and for each class.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a user class nor a task set",
    label = "no struct with `#[user]` or `#[task_set]`",
    note = "write `#[user]` or `#[task_set]` above `struct {Self}`"
)]
pub trait TaskSet: Tasks {
    /// Whether its tasks are run as they are declared.
    const SEQUENTIAL: bool;
    /// Pause between its tasks; that around it, if it has none of its own.
    const WAIT: Option<Wait> = None;
    /// All that is declared of it.
    const LIST: TaskList = TaskList::new(Self::TASKS, Self::SEQUENTIAL, Self::WAIT);
}

/// A task set of any type, for as long as a user is in it.
pub struct Entered<'a>(Box<dyn AnySet + 'a>);

impl<'a> Entered<'a> {
    /// Of this set.
    pub fn new(set: impl TaskSet + 'a) -> Self {
        Self(Box::new(set))
    }
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = TaskResult<T>> + 'a>>;

/// [`Tasks`] with boxed futures, so that one loop runs sets of all types, and a set may hold sets.
trait AnySet {
    fn on_start(&mut self) -> Boxed<'_, ControlFlow<()>>;
    fn on_stop(&mut self) -> Boxed<'_, ()>;
    fn run(&mut self, task: usize) -> Boxed<'_, ControlFlow<()>>;
    fn enter(&mut self, task: usize) -> Option<Entered<'_>>;
}

impl<T: Tasks> AnySet for T {
    fn on_start(&mut self) -> Boxed<'_, ControlFlow<()>> {
        Box::pin(Tasks::on_start(self))
    }

    fn on_stop(&mut self) -> Boxed<'_, ()> {
        Box::pin(Tasks::on_stop(self))
    }

    fn run(&mut self, task: usize) -> Boxed<'_, ControlFlow<()>> {
        Box::pin(Tasks::run(self, task))
    }

    fn enter(&mut self, task: usize) -> Option<Entered<'_>> {
        Tasks::enter(self, task)
    }
}

impl Tasks for Entered<'_> {
    // What is declared of it is known where it is entered.
    const TASKS: &'static [Task] = &[];

    async fn on_start(&mut self) -> TaskResult<ControlFlow<()>> {
        self.0.on_start().await
    }

    async fn on_stop(&mut self) -> TaskResult {
        self.0.on_stop().await
    }

    async fn run(&mut self, task: usize) -> TaskResult<ControlFlow<()>> {
        self.0.run(task).await
    }

    fn enter(&mut self, task: usize) -> Option<Entered<'_>> {
        self.0.enter(task)
    }
}
