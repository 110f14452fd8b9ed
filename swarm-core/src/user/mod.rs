//! User classes: as the attributes declare them, and as the registry finds them.

mod class;
mod registry;
mod task;

pub use class::{ClassArgs, User, UserClass, UserFuture};
pub use registry::{DuplicateClasses, Registry, UnknownClass};
pub use task::{IntoTaskResult, Task, Tasks};
