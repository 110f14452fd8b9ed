//! What `#[settings]` says about a struct.

/// The declaration of a `#[settings]` struct.
#[derive(Debug, Clone, Copy)]
pub struct SettingsSchema {
    /// Name of the struct.
    pub name: &'static str,
    /// Prefix of the environment variables, as `SHOP`; empty if there is none.
    pub prefix: &'static str,
    /// Whether flags have the prefix too.
    pub prefix_flags: bool,
    /// First paragraph of its documentation.
    pub doc: &'static str,
    /// Source file.
    pub file: &'static str,
    /// Line in that file.
    pub line: u32,
    /// Its fields.
    pub fields: &'static [SettingField],
}

impl SettingsSchema {
    /// The environment variable of a field: `SHOP_USERNAME`.
    #[must_use]
    pub fn variable(&self, field: &str) -> String {
        if self.prefix.is_empty() {
            field.to_uppercase()
        } else {
            format!("{}_{}", self.prefix, field.to_uppercase())
        }
    }

    /// The flag of a field: `--user-name`, with prefixed flags `--shop-user-name`.
    #[must_use]
    pub fn flag(&self, field: &str) -> String {
        if self.prefix_flags {
            format!("--{}-{field}", self.prefix.to_lowercase()).replace('_', "-")
        } else {
            format!("--{}", field.replace('_', "-"))
        }
    }

    /// The key of a field in `swarm.toml`: `settings.shop.username`.
    #[must_use]
    pub fn key(&self, field: &str) -> String {
        if self.prefix.is_empty() {
            format!("settings.{field}")
        } else {
            format!("settings.{}.{field}", self.prefix.to_lowercase())
        }
    }
}

/// One field of a `#[settings]` struct.
#[derive(Debug, Clone, Copy)]
pub struct SettingField {
    /// Name of the field.
    pub name: &'static str,
    /// First paragraph of its documentation.
    pub doc: &'static str,
    /// Its line in the source file.
    pub line: u32,
    /// How many values it has.
    pub kind: SettingKind,
    /// Its value when no source has one, as texts: one, or the items of a list; empty if there is none.
    pub default: &'static [&'static str],
    /// Never shown.
    pub secret: bool,
}

impl SettingField {
    /// Whether a source must have a value.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.kind == SettingKind::One && self.default.is_empty()
    }
}

/// How many values a setting has, by its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingKind {
    /// One.
    One,
    /// One that may be absent: `Option<T>`.
    Optional,
    /// Any number: `Vec<T>`.
    List,
    /// On or off: `bool`, whose flag needs no value.
    Switch,
}
