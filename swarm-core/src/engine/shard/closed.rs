//! Users whose number follows a plan: the part of one crowd that lives on one shard.

use super::hive::Hive;
use super::seat::Orders;
use crate::context::Context;
use crate::plan::{Crowd, Plan};
use std::collections::BTreeMap;
use std::time::Duration;

/// The users of a crowd on a shard.
pub(crate) struct Closed {
    /// Which crowd of how many it is.
    place: (usize, usize),
    plan: Option<Plan>,
    /// Who lives here, lowest first. Those that run are always the first ones of these.
    mine: Vec<(usize, usize)>,
    users: BTreeMap<usize, (usize, Context)>,
}

impl Closed {
    /// Nobody yet.
    pub(crate) fn new(place: (usize, usize)) -> Self {
        Self { place, plan: None, mine: Vec::new(), users: BTreeMap::new() }
    }

    /// Goes on by another plan, with others living here.
    pub(crate) fn set(&mut self, orders: Orders, hive: &mut Hive) {
        let Orders { plan, mine } = orders;
        let wanted = plan.wanted(hive.now()) as usize;
        let gone: Vec<usize> = self
            .users
            .keys()
            .filter(|user| mine.binary_search_by_key(user, |(index, _)| index).is_err())
            .copied()
            .collect();
        gone.into_iter().for_each(|user| self.stop_user(user, hive));
        for (user, class) in &mine {
            if *user < wanted && !self.users.contains_key(user) {
                self.start_user(*user, *class, hive);
            }
        }
        self.plan = Some(plan);
        self.mine = mine;
    }

    /// Starts and stops users so that those wanted now run. Returns when to look again; none if never.
    pub(crate) fn adjust(&mut self, hive: &mut Hive) -> Option<Duration> {
        let now = hive.now();
        let plan = self.plan.as_ref()?;
        let (wanted, next) = (plan.wanted(now) as usize, plan.next_change(now));
        while let Some((last, _)) = self.users.last_key_value().filter(|(user, _)| **user >= wanted)
        {
            self.stop_user(*last, hive);
        }
        while let Some((user, class)) =
            self.mine.get(self.users.len()).copied().filter(|(user, _)| *user < wanted)
        {
            self.start_user(user, class, hive);
        }
        next
    }

    /// All users, with their classes.
    pub(crate) fn users(&self) -> impl Iterator<Item = (usize, &Context)> {
        self.users.values().map(|(class, context)| (*class, context))
    }

    /// All users leave.
    pub(crate) fn leave(&mut self) -> Vec<Context> {
        std::mem::take(&mut self.users).into_values().map(|(_, context)| context).collect()
    }

    fn start_user(&mut self, user: usize, class: usize, hive: &mut Hive) {
        let (crowd, crowds) = self.place;
        let context = hive.start(class, Crowd::number(crowd, crowds, user as u64));
        self.users.insert(user, (class, context));
    }

    fn stop_user(&mut self, user: usize, hive: &mut Hive) {
        if let Some((_, context)) = self.users.remove(&user) {
            hive.dismiss(context);
        }
    }
}
