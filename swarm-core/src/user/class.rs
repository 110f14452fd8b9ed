//! A user class: what `#[user]` says about a struct.

use super::selection::Selection;
use super::task::{Order, TaskList};
use super::task_set::{TaskSet, Tasks};
use crate::context::{Context, Needs};
use crate::error::SetupError;
use crate::plan::{ClassSpec, Load, Rate, TaskFilter};
use crate::wait::Wait;
use std::any::TypeId;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::rc::Rc;

/// A user class: implemented by `#[user]`.
pub trait User: Tasks + Sized + 'static {
    /// Whether its tasks are run as they are declared.
    const SEQUENTIAL: bool;
    /// What its fields need before a run starts.
    const NEEDS: &'static [Needs];

    /// Builds a user.
    ///
    /// # Errors
    ///
    /// The first field that can't be built.
    fn build(context: &Context) -> Result<Self, SetupError>;
}

/// The tasks of a class are a set too; the pauses between them are the class's.
#[diagnostic::do_not_recommend]
impl<T: User> TaskSet for T {
    const SEQUENTIAL: bool = T::SEQUENTIAL;
}

/// What the attribute `#[user]` was given, and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct ClassArgs {
    /// Name of the class: the struct's, or the one given.
    pub name: &'static str,
    /// Its module.
    pub module: &'static str,
    /// Its source file.
    pub file: &'static str,
    /// Its line.
    pub line: u32,
    /// Its column.
    pub column: u32,
    /// First paragraph of its documentation.
    pub doc: &'static str,
    /// Share of the users, relative to the other classes' weights; default 1.
    pub weight: u32,
    /// This many users, whatever the weights; 0 if not given.
    pub fixed_count: u32,
    /// How many users come per second, each of which leaves when it is done; none if users stay.
    pub visits: Option<Rate>,
    /// Iterations of each user, after which it ends; any number if absent, and for a visit as many as [`UserClass::most_iterations`] says.
    pub iterations: Option<u32>,
    /// Pause between tasks; default none.
    pub wait: Wait,
    /// Base URL of its target, where the run names none.
    pub host: Option<&'static str>,
}

/// The life of one simulated user.
pub type UserFuture = Pin<Box<dyn Future<Output = ()>>>;

/// A compiled user class: what it is and how to run one of its users.
#[derive(Debug, Clone, Copy)]
pub struct UserClass {
    args: ClassArgs,
    type_id: TypeId,
    /// Its tasks.
    pub list: TaskList,
    /// What its fields need.
    pub needs: &'static [Needs],
    /// The life of a user of this class that does what is selected of its tasks.
    pub run: fn(Context, Rc<Selection>) -> UserFuture,
}

impl UserClass {
    /// The class of `U`, run by `run`.
    #[must_use]
    pub const fn new<U: User>(
        args: ClassArgs,
        run: fn(Context, Rc<Selection>) -> UserFuture,
    ) -> Self {
        let type_id = TypeId::of::<U>();
        // On a line of its own, because messages about it show the line.
        let list = <U as TaskSet>::LIST;
        Self { args, type_id, list, needs: U::NEEDS, run }
    }

    /// Whether it is the class of `U`.
    #[must_use]
    pub fn is<U: User>(&self) -> bool {
        self.type_id == TypeId::of::<U>()
    }

    /// Where it stands: `src/users.rs:12:5`.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}:{}:{}", self.args.file, self.args.line, self.args.column)
    }

    /// As it takes part in a run, unless told otherwise.
    #[must_use]
    pub fn spec(&self) -> ClassSpec {
        let load = self.visits.map(|rate| Load::Rate { rate });
        let fixed_count = self.fixed_count;
        ClassSpec { fixed_count, load, ..ClassSpec::new(self.name, self.weight) }
    }

    /// What is run of its tasks, with these weights: of a visit that has no number of iterations, a sequence once.
    #[must_use]
    pub fn selection(&self, filter: &TaskFilter, weights: &BTreeMap<String, u32>) -> Selection {
        let selection = Selection::new(&self.list, filter).weighted(weights);
        if self.is_one_pass() { selection.once() } else { selection }
    }

    /// Iterations of each user, after which it ends.
    #[must_use]
    pub fn most_iterations(&self) -> Option<u64> {
        match (self.iterations, self.visits) {
            (Some(most), _) => Some(most.into()),
            // By chance, nothing else says when enough was done.
            (None, Some(_)) if !self.is_one_pass() => Some(1),
            (None, _) => None,
        }
    }

    fn is_one_pass(&self) -> bool {
        self.visits.is_some() && self.iterations.is_none() && self.list.order == Order::Sequential
    }
}

impl std::ops::Deref for UserClass {
    type Target = ClassArgs;

    fn deref(&self) -> &ClassArgs {
        &self.args
    }
}

inventory::collect!(UserClass);
