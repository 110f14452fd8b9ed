//! The values found for settings, and reading them.

use super::schema::SettingsSchema;
use crate::secrets::Secrets;
use std::any::{Any, TypeId};
use std::collections::{BTreeSet, HashMap};
use std::error::Error;
use std::fmt;
use std::ops::Deref;
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A struct that was declared with `#[settings]`.
pub trait SettingsGroup: Sized + Send + Sync + 'static {
    /// Its fields and how they are called.
    const SCHEMA: &'static SettingsSchema;

    /// Builds it from the values that were found.
    ///
    /// # Errors
    ///
    /// The first field that is missing or malformed.
    fn read(values: &SettingValues) -> Result<Self, SettingError>;
}

/// The values that were found for the fields of settings, as texts with where each came from.
///
/// ```
/// use swarm_core::settings::SettingValues;
///
/// let mut values = SettingValues::default();
/// values.set("SHOP", "username", "demo", "--username");
/// ```
#[derive(Default)]
pub struct SettingValues {
    found: HashMap<(String, String), Found>,
    /// Each group is read once and then shared by all users of the process.
    groups: Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
    /// The texts of secret fields that were read.
    secrets: Mutex<BTreeSet<String>>,
}

struct Found {
    text: String,
    source: String,
}

impl SettingValues {
    /// Sets a field of the settings with this prefix, with where the value came from (`--username`, `SHOP_USERNAME`, `swarm.toml`).
    pub fn set(
        &mut self,
        prefix: &str,
        field: &str,
        text: impl Into<String>,
        source: impl Into<String>,
    ) {
        let found = Found { text: text.into(), source: source.into() };
        self.found.insert((prefix.to_owned(), field.to_owned()), found);
    }

    /// Reads one field.
    ///
    /// # Errors
    ///
    /// A required field without value; a value that its type does not take.
    pub fn field<T>(
        &self,
        schema: &'static SettingsSchema,
        name: &'static str,
    ) -> Result<T, SettingError>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        let declared = schema.fields.iter().find(|field| field.name == name);
        let found = self.found.get(&(schema.prefix.to_owned(), name.to_owned()));
        let (text, source) = match (found, declared.and_then(|field| field.default)) {
            (Some(found), _) => (found.text.as_str(), found.source.as_str()),
            (None, Some(default)) => (default, "its default"),
            (None, None) => return Err(SettingError::missing(schema, name)),
        };
        let secret = declared.is_none_or(|field| field.secret);
        if secret {
            lock(&self.secrets).insert(text.to_owned());
        }
        text.parse().map_err(|error: T::Err| {
            // The reason may quote the value.
            let reason = if secret { "malformed".to_owned() } else { format!("`{text}`: {error}") };
            SettingError(format!("setting `{name}` of {} from {source}: {reason}", schema.name))
        })
    }

    /// Reads a group, once for the whole process.
    ///
    /// # Errors
    ///
    /// The first field that is missing or malformed.
    pub fn group<T: SettingsGroup>(&self) -> Result<Settings<T>, SettingError> {
        let mut groups = lock(&self.groups);
        if let Some(known) = groups.get(&TypeId::of::<T>())
            && let Ok(known) = Arc::clone(known).downcast::<T>()
        {
            return Ok(Settings(known));
        }
        let group = Arc::new(T::read(self)?);
        groups.insert(TypeId::of::<T>(), Arc::<T>::clone(&group));
        Ok(Settings(group))
    }

    /// The values of the secret fields that were read.
    #[must_use]
    pub fn secrets(&self) -> Secrets {
        Secrets::new(lock(&self.secrets).iter())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for SettingValues {
    /// Where each value came from, never the values: some are secret.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sources = self.found.iter().map(|((_, name), found)| (name, &found.source));
        out.debug_map().entries(sources).finish()
    }
}

/// A field that reads the settings `T`: a shared, read-only view.
///
/// `T` is a struct with `#[settings]`.
#[derive(Debug)]
pub struct Settings<T>(Arc<T>);

impl<T> Deref for Settings<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Clone for Settings<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// A setting that is missing or malformed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingError(String);

impl SettingError {
    fn missing(schema: &SettingsSchema, name: &str) -> Self {
        Self(format!(
            "setting `{name}` of {} is missing: give it by {}, {} in the environment or `.env`, or `{}` in swarm.toml",
            schema.name,
            schema.flag(name),
            schema.variable(name),
            schema.key(name),
        ))
    }
}

impl fmt::Display for SettingError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl Error for SettingError {}
