//! Settings of a user crate: what `#[settings]` declares, the values found for them, and the field [`Settings`] that a user reads them by.
//!
//! Who finds the values (command line, environment, files) is not known here.

mod schema;
mod secret;
mod text;
mod error;
mod values;

pub use error::SettingError;
pub use schema::{SettingField, SettingKind, SettingsSchema};
pub use secret::Secret;
pub use text::{SettingValue, list, switch};
pub use values::{SettingReader, SettingValues, Settings, SettingsGroup};
