//! User classes: as the attributes declare them, and as the registry finds them.

mod task;
mod class;
mod registry;

pub use class::{ClassArgs, User, UserClass, UserFuture};
pub use registry::{DuplicateClasses, Registry, UnknownClass};
pub use task::{IntoTaskResult, Task, Tasks};
