//! All that generated code may name. Not part of the public interface: it may change in any release.

pub use crate::context::{Context, FromContext, Needs};
pub use crate::duration::parse as duration;
pub use crate::error::{SetupError, TaskError, TaskResult};
pub use crate::event::listener::{
    Call, Hears, HearsNumber, HearsQuitting, HearsRequest, Listener, Listening, Told,
};
pub use crate::event::{Quitting, RequestEvent};
pub use crate::feed::{AtEnd, FeedDeclaration, FeedRow, IntoRows, Order, Source};
pub use crate::http::Path;
pub use crate::judge::Ending;
pub use crate::plan::{Level, Rate, RunSpec, Shape};
pub use crate::report::Report;
pub use crate::settings::{
    SettingField, SettingKind, SettingReader, SettingValue, SettingsGroup, SettingsSchema, switch,
};
pub use crate::user::{
    ClassArgs, Entered, Task, TaskList, TaskOutput, TaskSet, Tasks, User, UserClass,
};
pub use crate::wait::Wait;
pub use core::time::Duration;
pub use core::{file, module_path};
pub use core::{future::Future, ops::ControlFlow, option::Option, result::Result};
pub use inventory;
pub use std::{boxed::Box, format, string::String};

use crate::feed::{Feed, Row};
use crate::settings::Settings;
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
    UserClass::new::<U>(args, |context, selection| {
        Box::pin(crate::engine::user_loop::<U>(context, selection))
    })
}

/// A field that is written `Settings<T>`: seen from `T`, so that the message names `T` where its attribute is missing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `#[settings]` attribute",
    label = "not a struct of settings",
    note = "write `#[settings]` above `struct {Self}`, so that its fields are read from flags, environment and `swarm.toml`"
)]
pub trait SettingsField: Sized {
    /// As `FromContext::NEEDS`.
    const NEEDS: Needs;

    /// As `FromContext::from_context`.
    ///
    /// # Errors
    ///
    /// Those of `FromContext`.
    fn from_context(context: &Context) -> Result<Settings<Self>, SetupError>;
}

#[diagnostic::do_not_recommend]
impl<T: SettingsGroup> SettingsField for T {
    const NEEDS: Needs = <Settings<T> as FromContext>::NEEDS;

    fn from_context(context: &Context) -> Result<Settings<T>, SetupError> {
        FromContext::from_context(context)
    }
}

/// A field that is written `Feed<T>` or `Row<T>`: seen from `T`, so that the message names `T` where its attribute is missing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `#[feed]` attribute",
    label = "not a type of rows",
    note = "write `#[feed(file = \"rows.csv\")]` above `struct {Self}`, so that it is known where its rows come from"
)]
pub trait FeedField<Field>: Sized {
    /// As `FromContext::NEEDS`.
    const NEEDS: Needs;

    /// As `FromContext::from_context`.
    ///
    /// # Errors
    ///
    /// Those of `FromContext`.
    fn from_context(context: &Context) -> Result<Field, SetupError>;
}

#[diagnostic::do_not_recommend]
impl<T: FeedRow> FeedField<Feed<T>> for T {
    const NEEDS: Needs = <Feed<T> as FromContext>::NEEDS;

    fn from_context(context: &Context) -> Result<Feed<T>, SetupError> {
        FromContext::from_context(context)
    }
}

#[diagnostic::do_not_recommend]
impl<T: FeedRow> FeedField<Row<T>> for T {
    const NEEDS: Needs = <Row<T> as FromContext>::NEEDS;

    fn from_context(context: &Context) -> Result<Row<T>, SetupError> {
        FromContext::from_context(context)
    }
}

/// A type of the user's own that has the same name.
#[diagnostic::do_not_recommend]
impl<T, Field: Default> FeedField<Field> for T {
    const NEEDS: Needs = Needs::NOTHING;

    fn from_context(_: &Context) -> Result<Field, SetupError> {
        Ok(Field::default())
    }
}

/// A value as one segment of a path, percent-encoded.
#[must_use]
pub fn path_segment(value: &impl Display) -> String {
    crate::http::path_segment(&value.to_string())
}
