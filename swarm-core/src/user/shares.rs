//! How often each task of a list is run, in the long run.

use super::selection::{Selected, Selection};
use super::task::Order;

/// Most steps after which transitions count as having come to rest.
const MOST_STEPS: u32 = 10_000;
/// What the shares of two steps may differ by then.
const AT_REST: f64 = 1e-9;

impl Selection {
    /// Each task's share of the runs in this list, from 0 to 1; all are 0 if no task is left.
    ///
    /// Where transitions decide, it is what they come to in the long run from the first task on.
    #[must_use]
    pub fn shares(&self) -> Vec<f64> {
        if self.order() == Order::Markov && !self.is_empty() {
            return self.long_run();
        }
        let total: u64 = self.tasks().iter().map(|task| u64::from(task.weight)).sum();
        let share = |task: &Selected| f64::from(task.weight) / total.max(1) as f64;
        self.tasks().iter().map(share).collect()
    }

    /// The share of each task and set, and of what is in the sets, each of its own list: a set, then what is in it, then what comes after it.
    #[must_use]
    pub fn all_shares(&self) -> Vec<(&Selected, f64)> {
        let pairs = self.tasks().iter().zip(self.shares());
        let with_inner = pairs.flat_map(|(task, share)| {
            let inner = task.set.as_ref().map(Self::all_shares).unwrap_or_default();
            [(task, share)].into_iter().chain(inner)
        });
        with_inner.collect()
    }

    fn long_run(&self) -> Vec<f64> {
        let followers: Vec<Vec<(usize, f64)>> =
            (0..self.tasks().len()).map(|task| self.followers(task)).collect();
        let mut shares = vec![0.0; followers.len()];
        shares[self.first()] = 1.0;
        for _ in 0..MOST_STEPS {
            // Half stays where it is, so that a circle comes to rest too; what that rest is does not change.
            let mut next: Vec<f64> = shares.iter().map(|share| share / 2.0).collect();
            for (share, followers) in shares.iter().zip(&followers) {
                followers.iter().for_each(|(task, part)| next[*task] += share * part / 2.0);
            }
            let moved: f64 = shares.iter().zip(&next).map(|(one, other)| (one - other).abs()).sum();
            shares = next;
            if moved < AT_REST {
                break;
            }
        }
        shares
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::TaskFilter;
    use crate::user::{Task, TaskList};

    const TASK: Task =
        Task { name: "", weight: 1, tags: &[], doc: "", line: 0, transitions: &[], set: None };

    fn shares(tasks: &'static [Task], order: Order) -> Vec<f64> {
        let list = TaskList { tasks, order, wait: None };
        let filter = TaskFilter { exclude_tags: vec!["out".to_owned()], ..TaskFilter::default() };
        let shares = Selection::new(&list, &filter).shares();
        shares.into_iter().map(|share| (share * 1e6).round() / 1e6).collect()
    }

    #[test]
    fn weights_say_how_often() {
        const TASKS: &[Task] = &[Task { weight: 3, ..TASK }, TASK, Task { tags: &["out"], ..TASK }];
        assert_eq!(shares(TASKS, Order::Random), [0.75, 0.25, 0.0]);
        assert_eq!(shares(TASKS, Order::Sequential), [0.75, 0.25, 0.0], "as often in a row");
        assert_eq!(shares(&[], Order::Random), [0.0; 0]);
    }

    #[test]
    fn transitions_say_it_in_the_long_run() {
        const CIRCLE: &[Task] = &[
            Task { transitions: &[(1, 1)], ..TASK },
            Task { transitions: &[(2, 1)], ..TASK },
            Task { transitions: &[(0, 1)], ..TASK },
        ];
        // x = y / 2, since half of what is at y goes back.
        const BACK: &[Task] = &[
            Task { transitions: &[(1, 1)], ..TASK },
            Task { transitions: &[(0, 1), (1, 1)], ..TASK },
        ];
        const TRAP: &[Task] =
            &[Task { transitions: &[(1, 1)], ..TASK }, Task { transitions: &[(1, 1)], ..TASK }];
        const LEFT_OUT: &[Task] = &[
            Task { transitions: &[(1, 1), (2, 1)], ..TASK },
            Task { transitions: &[(2, 1)], ..TASK },
            Task { tags: &["out"], ..TASK },
        ];
        for (tasks, expected) in [
            (CIRCLE, vec![0.333_333, 0.333_333, 0.333_333]),
            (BACK, vec![0.333_333, 0.666_667]),
            (TRAP, vec![0.0, 1.0]),
            (LEFT_OUT, vec![0.5, 0.5, 0.0]),
        ] {
            assert_eq!(shares(tasks, Order::Markov), expected);
        }
    }

    #[test]
    fn those_of_a_set_come_behind_it() {
        const FORUM: TaskList = TaskList {
            tasks: &[Task { name: "read", weight: 3, ..TASK }, Task { name: "post", ..TASK }],
            order: Order::Random,
            wait: None,
        };
        const LIST: TaskList = TaskList {
            tasks: &[
                Task { name: "forum", set: Some(&FORUM), ..TASK },
                Task { name: "index", ..TASK },
            ],
            ..FORUM
        };
        let selection = Selection::new(&LIST, &TaskFilter::default());
        let found: Vec<_> = selection
            .all_shares()
            .into_iter()
            .map(|(task, share)| (task.name.as_str(), share))
            .collect();
        let expected =
            [("forum", 0.5), ("forum::read", 0.75), ("forum::post", 0.25), ("index", 0.5)];
        assert_eq!(found, expected);
    }
}
