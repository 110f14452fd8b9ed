//! Settings of a user crate: what `#[settings]` declares, the values found for them, and the field [`Settings`] that a user reads them by.
//!
//! Who finds the values (command line, environment, files) is not known here.

mod schema;
mod secret;
mod values;

pub use schema::{SettingField, SettingsSchema};
pub use secret::Secret;
pub use values::{SettingError, SettingValues, Settings, SettingsGroup};
