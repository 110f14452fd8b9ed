//! What figures are grouped by.

use super::sample::Kind;
use indexmap::{Equivalent, IndexMap};
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};
use std::hash::Hash;
use std::sync::Arc;

/// The name that stands for all names beyond a bound.
pub const OTHER: &str = "(other)";

/// Figures by key, in order of appearance.
pub type Group<K, V> = IndexMap<K, V, FxBuildHasher>;

/// What failures and exceptions are grouped by: where, what, why.
pub type Cause = [Arc<str>; 3];

/// A request as it is reported.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RequestKey {
    /// What sort of request.
    pub kind: Kind,
    /// `GET`, `POST`, …
    pub method: Arc<str>,
    /// What it is reported as.
    pub name: Arc<str>,
}

impl RequestKey {
    /// The row of its kind and method that stands for all names beyond the bound.
    pub(super) fn other(self) -> Self {
        Self { name: OTHER.into(), ..self }
    }
}

/// A task as it is reported.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TaskKey {
    /// Name of the class.
    pub class: Arc<str>,
    /// Name of the task.
    pub task: Arc<str>,
}

/// A [`RequestKey`] that owns nothing, for looking one up.
#[derive(Hash)]
pub(super) struct RequestRef<'a> {
    pub(super) kind: Kind,
    pub(super) method: &'a str,
    pub(super) name: &'a str,
}

impl Equivalent<RequestKey> for RequestRef<'_> {
    fn equivalent(&self, key: &RequestKey) -> bool {
        self.kind == key.kind && self.name == &*key.name && self.method == &*key.method
    }
}

/// A [`TaskKey`] that owns nothing, for looking one up.
#[derive(Hash)]
pub(super) struct TaskRef<'a> {
    pub(super) class: &'a str,
    pub(super) task: &'a str,
}

impl TaskRef<'_> {
    pub(super) fn own(&self) -> TaskKey {
        TaskKey { class: self.class.into(), task: self.task.into() }
    }
}

impl Equivalent<TaskKey> for TaskRef<'_> {
    fn equivalent(&self, key: &TaskKey) -> bool {
        self.task == &*key.task && self.class == &*key.class
    }
}

/// A [`Cause`] that owns nothing, for looking one up.
#[derive(Hash)]
pub(super) struct CauseRef<'a>(pub(super) [&'a str; 3]);

impl Equivalent<Cause> for CauseRef<'_> {
    fn equivalent(&self, key: &Cause) -> bool {
        self.0.iter().zip(key).all(|(one, other)| *one == &**other)
    }
}
