//! Users that are there for iterations that arrive: started for one, kept for the next, and made room of.

use super::hive::Hive;
use crate::context::{Context, Waiting};
use crate::plan::{Arrival, RunSpec};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The users of a shard that arriving iterations have called, of all classes.
///
/// An iteration is given to a user of its class that waits, the last that came to wait; if there is none, a user is started for it. If there is no room for
/// another, one that waits makes room, of the class that has most of these. If all are busy, the iteration is dropped.
pub(crate) struct Guests {
    users: BTreeMap<u32, (usize, Context)>,
    /// Per class.
    waiting: Vec<Waiting>,
    /// Most users at one time.
    most: usize,
}

impl Guests {
    /// Nobody yet, on this shard of so many.
    pub(crate) fn new(spec: &RunSpec, (shard, shards): (usize, usize)) -> Self {
        let most = spec.max_users as usize;
        Self {
            users: BTreeMap::new(),
            waiting: spec.classes.iter().map(|_| Waiting::default()).collect(),
            most: most / shards + usize::from(shard < most % shards),
        }
    }

    /// An iteration has arrived: sees who takes it. A user that is started for it gets the number.
    pub(crate) fn receive(
        &mut self,
        Arrival { class, due, .. }: Arrival,
        number: impl FnOnce() -> u32,
        hive: &mut Hive,
    ) {
        if let Some(user) = self.next_waiting(class) {
            self.users[&user].1.call(due);
            return;
        }
        if self.users.len() >= self.most {
            self.make_room(hive);
        }
        if self.users.len() < self.most {
            let number = number();
            let waiting = (!hive.visits(class)).then(|| Rc::clone(&self.waiting[class]));
            let user = hive.call(class, number, waiting, due);
            self.users.insert(number, (class, user));
        } else {
            hive.drop_arrival();
        }
    }

    /// Takes the last of those of a class that wait.
    fn next_waiting(&self, class: usize) -> Option<u32> {
        let mut waiting = self.waiting[class].borrow_mut();
        // Who is gone meanwhile is still in the list.
        std::iter::from_fn(|| waiting.pop()).find(|user| self.users.contains_key(user))
    }

    /// Tells one that waits to stop, if any does.
    fn make_room(&mut self, hive: &mut Hive) {
        let classes = 0..self.waiting.len();
        let most = classes.max_by_key(|class| self.waiting[*class].borrow().len());
        let user = most.and_then(|class| self.next_waiting(class));
        if let Some((_, user)) = user.and_then(|user| self.users.remove(&user)) {
            hive.dismiss(user);
        }
    }

    /// A user is gone; it may have been another's.
    pub(crate) fn forget(&mut self, number: u32) {
        self.users.remove(&number);
    }

    /// All users, with their classes.
    pub(crate) fn users(&self) -> impl Iterator<Item = (usize, &Context)> {
        self.users.values().map(|(class, context)| (*class, context))
    }

    /// All users leave.
    pub(crate) fn leave(&mut self) -> impl Iterator<Item = Context> {
        std::mem::take(&mut self.users).into_values().map(|(_, context)| context)
    }
}
