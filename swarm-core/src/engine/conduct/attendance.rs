//! Who is there of each class, and what the result says of the classes.

use crate::engine::crowds::Crowds;
use crate::engine::seconds::Second;
use crate::engine::shard::seat::ClassUsers;
use crate::judge::Ending;
use crate::plan::{ClassSpec, RunSpec};
use crate::report::{ClassEntry, TaskShare};
use crate::stats::ClassFigures;
use crate::user::UserClass;
use std::time::Duration;

/// A class none of whose users has started after this long ends the run.
const START_LIMIT: Duration = Duration::from_secs(30);

/// The users of each class, as they were seen at the ends of seconds.
pub(crate) struct Attendance {
    /// What each class is to do.
    shares: Vec<Vec<TaskShare>>,
    now: Vec<u32>,
    /// Most of them at one time. Of those that a plan says, it knows more exactly.
    peaks: Vec<u32>,
    /// Whether a user has ever been at work.
    worked: Vec<bool>,
}

impl Attendance {
    /// Of these classes.
    pub(crate) fn new(classes: &[&UserClass], spec: &RunSpec) -> Self {
        let shares = classes.iter().zip(&spec.classes).map(|(class, of_class)| {
            let selection = class.selection(&spec.task_filter, &of_class.task_weights);
            let all = selection.all_shares().into_iter();
            let share = all.map(|(task, share)| TaskShare {
                task: task.name.clone(),
                is_set: task.set.is_some(),
                share,
            });
            share.collect()
        });
        let users = vec![0; classes.len()];
        let worked = vec![false; classes.len()];
        Self { shares: shares.collect(), now: users.clone(), peaks: users, worked }
    }

    /// Takes in what a shard tells of its users.
    pub(crate) fn hear(&mut self, users: &[ClassUsers]) {
        for (worked, users) in self.worked.iter_mut().zip(users) {
            *worked |= users.running + users.ended > 0;
        }
    }

    /// The class none of whose users could start in [`START_LIMIT`], if there is one.
    pub(crate) fn could_not_start(
        &self,
        users: &[ClassUsers],
        spec: &RunSpec,
        crowds: &Crowds,
        now: Duration,
    ) -> Option<Ending> {
        users.iter().enumerate().find_map(|(class, users)| {
            let why = users.start_error.clone().filter(|_| !self.worked[class])?;
            let due = crowds.first_of(class).unwrap_or_default();
            let class = spec.classes[class].name.clone();
            (now >= due + START_LIMIT).then_some(Ending::CouldNotStart { class, why })
        })
    }

    /// Takes in who was there at the end of a second.
    pub(crate) fn take_in(&mut self, second: &Second) {
        self.now = second.by_class(self.now.len());
        for (peak, users) in self.peaks.iter_mut().zip(&self.now) {
            *peak = (*peak).max(*users);
        }
    }

    /// All are gone.
    pub(crate) fn end(&mut self) {
        self.now.fill(0);
    }

    /// The classes that take part: who is wanted now, if users are not told to stop yet, and what they did.
    pub(crate) fn entries(
        &self,
        spec: &RunSpec,
        crowds: &Crowds,
        (now, ended): (Duration, Option<Duration>),
        mut figures: impl FnMut(&str) -> ClassFigures,
    ) -> Vec<ClassEntry> {
        let planned = crowds.peaks(ended.unwrap_or(now), spec.classes.len());
        let wanted = match ended {
            None => crowds.wanted(now, spec.classes.len()),
            Some(_) => vec![0; spec.classes.len()],
        };
        let entry = |(place, class): (usize, &ClassSpec)| ClassEntry {
            name: class.name.clone(),
            weight: class.weight,
            fixed_count: class.fixed_count,
            users: self.now[place],
            wanted: wanted[place],
            peak_users: planned[place].max(self.peaks[place]),
            shares: self.shares[place].clone(),
            figures: figures(&class.name),
        };
        spec.classes.iter().enumerate().map(entry).collect()
    }
}
