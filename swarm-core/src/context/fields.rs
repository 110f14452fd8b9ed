//! Building the fields of a user's struct.

use super::handle::Context;
use super::resources::Resources;
use crate::error::SetupError;
use crate::settings::{SettingError, SettingValues, Settings, SettingsGroup, SettingsSchema};

/// A type that can be a field of a `#[user]` struct: built anew for each simulated user.
///
/// Every type with [`Default`] can. [`HttpClient`](crate::http::HttpClient), [`Settings`], [`Feed`](crate::feed::Feed), [`Probe`](crate::probe::Probe) and
/// [`Context`] can; a client type of your own can, when
/// it implements this trait (and not `Default`: a type with both is error E0119, because the two ways to build it would conflict).
///
/// ```
/// use swarm_core::prelude::*;
///
/// struct Cart {
///     owner: u32,
/// }
///
/// impl FromContext for Cart {
///     fn from_context(context: &Context) -> Result<Self, SetupError> {
///         Ok(Self { owner: context.number() })
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be a field of a user: it can't be built for each simulated user",
    label = "neither `Default` nor `FromContext`",
    note = "derive `Default` for `{Self}`, implement `FromContext` for it, or say on the field how it is built: `#[init(…)]`"
)]
pub trait FromContext: Sized {
    /// What must be known before a run starts.
    const NEEDS: Needs = Needs::NOTHING;

    /// Builds the value for the user of this context.
    ///
    /// # Errors
    ///
    /// What keeps the user from being built; it is counted, and tried again later.
    fn from_context(context: &Context) -> Result<Self, SetupError>;
}

#[diagnostic::do_not_recommend]
impl<T: Default> FromContext for T {
    fn from_context(_: &Context) -> Result<Self, SetupError> {
        Ok(Self::default())
    }
}

#[diagnostic::do_not_recommend]
impl FromContext for Context {
    fn from_context(context: &Context) -> Result<Self, SetupError> {
        Ok(context.clone())
    }
}

#[diagnostic::do_not_recommend]
impl<T: SettingsGroup> FromContext for Settings<T> {
    const NEEDS: Needs = Needs::settings::<T>();

    fn from_context(context: &Context) -> Result<Self, SetupError> {
        let values = context.resource::<SettingValues>().unwrap_or_default();
        values.group::<T>().map_err(|errors| {
            let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
            SetupError::new(errors.join("; "))
        })
    }
}

/// What a field needs to know before a run starts.
#[derive(Debug, Clone, Copy)]
pub struct Needs {
    /// A host: the run's or the class's.
    pub host: bool,
    /// Settings, with what reads them to see whether all is there.
    pub settings: Option<SettingsNeed>,
    /// Anything else.
    pub check: Option<Check>,
}

/// Looks at what the process has. The error says what is wrong, each mistake in a line of its own.
pub type Check = fn(&Resources) -> Result<(), SetupError>;

/// Settings that a class needs.
#[derive(Debug, Clone, Copy)]
pub struct SettingsNeed {
    /// Their declaration.
    pub schema: &'static SettingsSchema,
    /// Reads them, and says all that is missing or malformed.
    pub check: fn(&SettingValues) -> Vec<SettingError>,
}

impl Needs {
    /// Needs nothing.
    pub const NOTHING: Self = Self { host: false, settings: None, check: None };

    /// Needs a host.
    pub const HOST: Self = Self { host: true, ..Self::NOTHING };

    /// Needs these settings.
    #[must_use]
    pub const fn settings<T: SettingsGroup>() -> Self {
        let check = |values: &SettingValues| values.group::<T>().err().unwrap_or_default();
        let need = SettingsNeed { schema: T::SCHEMA, check };
        Self { settings: Some(need), ..Self::NOTHING }
    }

    /// Needs what this looks for.
    #[must_use]
    pub const fn check(check: Check) -> Self {
        Self { check: Some(check), ..Self::NOTHING }
    }
}
