//! What is wrong with a setting.

use super::schema::{SettingField, SettingsSchema};
use std::error::Error;
use std::fmt;

/// A setting that is missing or malformed: its field with its place, the reason, and what it can be given by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingError {
    key: String,
    text: String,
}

impl SettingError {
    /// The key of the field in `swarm.toml`: `settings.shop.username`.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    pub(super) fn missing(schema: &SettingsSchema, field: &SettingField) -> Self {
        Self::new(schema, field, "is missing", "give it")
    }

    pub(super) fn malformed(schema: &SettingsSchema, field: &SettingField, reason: &str) -> Self {
        Self::new(schema, field, "is malformed", &format!("{reason}; give it"))
    }

    fn new(schema: &SettingsSchema, field: &SettingField, what: &str, then: &str) -> Self {
        let SettingsSchema { name, file, .. } = schema;
        let (flag, variable) = (schema.flag(field.name), schema.variable(field.name));
        let key = schema.key(field.name);
        let text = format!(
            "setting `{}` of {name} {what} ({file}:{}): {then} by {flag}, {variable} in the environment or `.env`, or `{key}` in swarm.toml",
            field.name, field.line,
        );
        Self { key, text }
    }
}

impl fmt::Display for SettingError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl Error for SettingError {}
