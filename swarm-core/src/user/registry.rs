//! Every user class that was compiled.

use super::class::UserClass;
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

/// The user classes of this program, sorted by module and name, because linking promises no order.
#[derive(Debug, Clone)]
pub struct Registry(Vec<&'static UserClass>);

impl Registry {
    /// Finds the classes that were compiled into this program.
    ///
    /// # Errors
    ///
    /// Two classes of the same name, with both places.
    pub fn find() -> Result<Self, DuplicateClasses> {
        let mut classes: Vec<_> = inventory::iter::<UserClass>.into_iter().collect();
        classes.sort_by_key(|class| (class.module, class.name));
        let mut places: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for class in &classes {
            places.entry(class.name).or_default().push(class.place());
        }
        places.retain(|_, places| places.len() > 1);
        if places.is_empty() { Ok(Self(classes)) } else { Err(DuplicateClasses(places)) }
    }

    /// The classes, sorted.
    #[must_use]
    pub fn classes(&self) -> &[&'static UserClass] {
        &self.0
    }

    /// The class of this name.
    ///
    /// # Errors
    ///
    /// There is none; the error names those there are.
    pub fn class(&self, name: &str) -> Result<&'static UserClass, UnknownClass> {
        self.0.iter().copied().find(|class| class.name == name).ok_or_else(|| UnknownClass {
            name: name.to_owned(),
            known: self.0.iter().map(|class| class.name).collect(),
        })
    }
}

/// Classes that share a name: results could not tell them apart.
#[derive(Debug)]
pub struct DuplicateClasses(BTreeMap<&'static str, Vec<String>>);

impl fmt::Display for DuplicateClasses {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, places) in &self.0 {
            writeln!(
                out,
                "{} user classes are named `{name}`: {}",
                places.len(),
                places.join(", ")
            )?;
        }
        out.write_str("rename one, or give it a name of its own: `#[user(name = \"…\")]`")
    }
}

impl Error for DuplicateClasses {}

/// A class that was asked for and does not exist.
#[derive(Debug)]
pub struct UnknownClass {
    /// What was asked for.
    pub name: String,
    /// The classes there are.
    pub known: Vec<&'static str>,
}

impl fmt::Display for UnknownClass {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "no user class `{}`; there are: {}", self.name, self.known.join(", "))
    }
}

impl Error for UnknownClass {}
