//! All that generated code may name. Not part of the public interface: it may change in any release.

pub use crate::context::{Context, FromContext, Needs};
pub use crate::error::{SetupError, TaskError, TaskResult};
pub use crate::http::Path;
pub use crate::settings::{
    SettingError, SettingField, SettingValues, SettingsGroup, SettingsSchema,
};
pub use crate::user::{ClassArgs, IntoTaskResult, Task, Tasks, User, UserClass};
pub use crate::wait::Wait;
pub use core::time::Duration;
pub use core::{file, module_path};
pub use core::{future::Future, option::Option, result::Result};
pub use inventory;
pub use std::{format, string::String};

use std::fmt::Display;

/// Checks a weight at compile time.
///
/// # Panics
///
/// On 0.
#[must_use]
pub const fn weight(weight: u32) -> u32 {
    assert!(weight > 0, "a weight must be at least 1");
    weight
}

/// The class of `U` with the user loop that runs it.
#[must_use]
pub const fn class<U: User>(args: ClassArgs) -> UserClass {
    UserClass::new::<U>(args, |context| Box::pin(crate::engine::user_loop::<U>(context)))
}

/// A value as one segment of a path, percent-encoded.
#[must_use]
pub fn path_segment(value: &impl Display) -> String {
    crate::http::path_segment(&value.to_string())
}
