//! What all users of a process share, found by type.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::Arc;

/// Shared values by type: settings, TLS configuration, and whatever a library adds.
///
/// ```
/// use swarm_core::context::Resources;
///
/// let resources = Resources::default().with(String::from("shared"));
/// assert_eq!(resources.get::<String>().as_deref().map(String::as_str), Some("shared"));
/// ```
#[derive(Clone, Default)]
pub struct Resources(Arc<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Resources {
    /// These and one more; one of the same type is replaced.
    #[must_use]
    pub fn with<T: Send + Sync + 'static>(self, value: T) -> Self {
        let mut map = Arc::unwrap_or_clone(self.0);
        map.insert(TypeId::of::<T>(), Arc::new(value));
        Self(Arc::new(map))
    }

    /// The value of this type.
    #[must_use]
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        Arc::clone(self.0.get(&TypeId::of::<T>())?).downcast().ok()
    }
}
