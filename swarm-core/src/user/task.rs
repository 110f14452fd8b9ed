//! Tasks and their order, as the attributes declare them.

use crate::wait::Wait;
use std::collections::BTreeSet;

/// One task of a class or of a set.
#[derive(Debug, Clone, Copy)]
pub struct Task {
    /// Its name: the method's, or the one given.
    pub name: &'static str,
    /// How often it is picked, relative to the other tasks.
    pub weight: u32,
    /// Its tags.
    pub tags: &'static [&'static str],
    /// First paragraph of its documentation.
    pub doc: &'static str,
    /// Its line in its file.
    pub line: u32,
    /// Which tasks may follow it, with their weights; where no task has any, [`Order`] decides.
    pub transitions: &'static [(usize, u32)],
    /// The set that it enters; none if it is a task by itself.
    pub set: Option<&'static TaskList>,
}

/// In which order the tasks of a class or of a set are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By chance, as often as their weights say.
    Random,
    /// As they are declared, each as often in a row as its weight says, and from the beginning again.
    Sequential,
    /// By chance, as the transitions of the last one say; the first is the first one declared.
    Markov,
}

/// The tasks of a class or of a set, as they are declared.
#[derive(Debug, Clone, Copy)]
pub struct TaskList {
    /// The tasks.
    pub tasks: &'static [Task],
    /// Their order.
    pub order: Order,
    /// Pause between them; that around the set, if it has none of its own.
    pub wait: Option<Wait>,
}

impl TaskList {
    /// The list of a block of tasks, given what stands above its struct.
    ///
    /// # Panics
    ///
    /// If tasks that have transitions are to be sequential; in an attribute this is a compile error.
    #[must_use]
    pub const fn new(tasks: &'static [Task], sequential: bool, wait: Option<Wait>) -> Self {
        let markov = !tasks.is_empty() && !tasks[0].transitions.is_empty();
        assert!(!(markov && sequential), "tasks that have transitions can't be `sequential`");
        let order = match (markov, sequential) {
            (true, _) => Order::Markov,
            (false, true) => Order::Sequential,
            (false, false) => Order::Random,
        };
        Self { tasks, order, wait }
    }

    /// The tags of its tasks, and of those in its sets.
    #[must_use]
    pub fn tags(&self) -> BTreeSet<&'static str> {
        let below = |task: &Task| task.set.map(Self::tags).unwrap_or_default();
        let all = self.tasks.iter().flat_map(|task| task.tags.iter().copied().chain(below(task)));
        all.collect()
    }
}
