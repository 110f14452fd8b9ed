//! User classes: as the attributes declare them, as the registry finds them, and what a run leaves of their tasks.

mod task;
mod task_set;
mod output;
mod turns;
mod selection;
mod shares;
mod class;
mod registry;

pub use class::{ClassArgs, User, UserClass, UserFuture};
pub use output::TaskOutput;
pub use registry::{DuplicateClasses, Registry, UnknownClass};
pub use selection::{Selected, Selection};
pub use task::{Order, Task, TaskList};
pub use task_set::{Entered, TaskSet, Tasks};
