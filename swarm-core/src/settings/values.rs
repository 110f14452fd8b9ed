//! The values found for settings, and reading them.

use super::error::SettingError;
use super::schema::{SettingField, SettingKind, SettingsSchema};
use crate::secrets::Secrets;
use std::any::{Any, TypeId};
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A struct that was declared with `#[settings]`.
pub trait SettingsGroup: Sized + Send + Sync + 'static {
    /// Its fields and how they are called.
    const SCHEMA: &'static SettingsSchema;

    /// Builds it from the values that were found; none if a field is missing or malformed, which the reader notes.
    fn read(reader: &mut SettingReader<'_>) -> Option<Self>;
}

/// The values that were found for the fields of settings, as texts with where each came from.
///
/// ```
/// use swarm_core::settings::SettingValues;
///
/// let mut values = SettingValues::default();
/// values.set("SHOP", "username", ["demo"], "--username");
/// values.set("SHOP", "tags", ["new", "sale"], "SHOP_TAGS in the environment");
/// ```
#[derive(Default)]
pub struct SettingValues {
    found: HashMap<(String, String), Found>,
    /// Each group is read once and then shared by all users of a run.
    groups: Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
    /// The texts of secret fields that were read, of those given over these too: what is secret in one run stays so after it.
    secrets: Arc<Mutex<BTreeSet<String>>>,
}

#[derive(Clone)]
struct Found {
    texts: Vec<String>,
    source: String,
}

impl SettingValues {
    /// Sets a field of the settings with this prefix: one text, or the items of a list, and where they came from (`--username`, `SHOP_USERNAME`, `swarm.toml`).
    pub fn set<T: Into<String>>(
        &mut self,
        prefix: &str,
        field: &str,
        texts: impl IntoIterator<Item = T>,
        source: impl Into<String>,
    ) {
        let texts = texts.into_iter().map(Into::into).collect();
        let found = Found { texts, source: source.into() };
        self.found.insert((prefix.to_owned(), field.to_owned()), found);
    }

    /// What was found for a field of the settings with this prefix.
    #[must_use]
    pub fn texts(&self, prefix: &str, field: &str) -> Option<&[String]> {
        let found = self.found.get(&(prefix.to_owned(), field.to_owned()));
        found.map(|found| found.texts.as_slice())
    }

    /// These values, with those of `given` in their place where it has some; each group is read anew. Secrets that are read of it are known to
    /// [`secrets`](Self::secrets) of these too.
    ///
    /// ```
    /// use swarm_core::settings::SettingValues;
    ///
    /// let mut typed = SettingValues::default();
    /// typed.set("SHOP", "username", ["eve"], "the web page");
    /// let of_one_run = SettingValues::default().overridden(typed);
    /// ```
    #[must_use]
    pub fn overridden(&self, given: Self) -> Self {
        let mut found = self.found.clone();
        found.extend(given.found);
        Self { found, groups: Mutex::default(), secrets: Arc::clone(&self.secrets) }
    }

    /// Reads a group, once for all users.
    ///
    /// # Errors
    ///
    /// All its fields that are missing or malformed.
    pub fn group<T: SettingsGroup>(&self) -> Result<Settings<T>, Vec<SettingError>> {
        let mut groups = lock(&self.groups);
        if let Some(known) = groups.get(&TypeId::of::<T>())
            && let Ok(known) = Arc::clone(known).downcast::<T>()
        {
            return Ok(Settings(known));
        }
        let mut reader = SettingReader { values: self, schema: T::SCHEMA, errors: Vec::new() };
        let group = Arc::new(T::read(&mut reader).ok_or(reader.errors)?);
        groups.insert(TypeId::of::<T>(), Arc::<T>::clone(&group));
        Ok(Settings(group))
    }

    /// The values of the secret fields that were read.
    #[must_use]
    pub fn secrets(&self) -> Secrets {
        Secrets::new(lock(&self.secrets).iter())
    }
}

impl Clone for SettingValues {
    /// The same values, of which nothing was read yet: what is read of the copy makes no secrets known to these.
    fn clone(&self) -> Self {
        Self { found: self.found.clone(), ..Self::default() }
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

/// Reads the fields of one group and notes what is wrong with them; generated code calls it.
#[derive(Debug)]
pub struct SettingReader<'a> {
    values: &'a SettingValues,
    schema: &'static SettingsSchema,
    errors: Vec<SettingError>,
}

/// How a text becomes a value.
type Parse<T> = fn(&str) -> Result<T, String>;

impl SettingReader<'_> {
    /// The value of a field.
    pub fn one<T>(&mut self, name: &str, parse: Parse<T>) -> Option<T> {
        let field = self.declared(name)?;
        let value = self.read(field, parse)?.pop();
        if value.is_none() {
            self.errors.push(SettingError::missing(self.schema, field));
        }
        value
    }

    /// The value of a field that may be absent.
    pub fn optional<T>(&mut self, name: &str, parse: Parse<T>) -> Option<Option<T>> {
        Some(self.read(self.declared(name)?, parse)?.pop())
    }

    /// The items of a list.
    pub fn list<T>(&mut self, name: &str, parse: Parse<T>) -> Option<Vec<T>> {
        self.read(self.declared(name)?, parse)
    }

    fn declared(&self, name: &str) -> Option<&'static SettingField> {
        self.schema.fields.iter().find(|field| field.name == name)
    }

    /// All values of a field; no more than one, if it is no list.
    fn read<T>(&mut self, field: &'static SettingField, parse: Parse<T>) -> Option<Vec<T>> {
        let key = (self.schema.prefix.to_owned(), field.name.to_owned());
        let found = self.values.found.get(&key);
        let (texts, source) = match found {
            Some(found) => (found.texts.iter().map(String::as_str).collect(), &*found.source),
            None => (field.default.to_vec(), "its default"),
        };
        if field.secret {
            lock(&self.values.secrets).extend(texts.iter().map(|text| (*text).to_owned()));
        }
        let is_list = found.is_some() && texts.len() != 1;
        let values = if is_list && field.kind != SettingKind::List {
            Err(format!("it is one value, and {source} is a list"))
        } else {
            let wrong = |text: &str, why: &str| match field.secret {
                // The reason may quote the value.
                true => format!("the value from {source} can't be read (it is secret)"),
                false => format!("`{text}` from {source}: {why}"),
            };
            texts.iter().map(|text| parse(text).map_err(|why| wrong(text, &why))).collect()
        };
        let errors = &mut self.errors;
        values
            .map_err(|reason: String| {
                errors.push(SettingError::malformed(self.schema, field, &reason));
            })
            .ok()
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
