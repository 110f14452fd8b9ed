//! Which tasks of a class a run leaves, and which of them is next.

use super::task::{Order, Task, TaskList};
use super::turns::Turns;
use crate::plan::TaskFilter;
use crate::random::Random;
use crate::wait::Wait;
use std::collections::BTreeMap;

/// The tasks of a class or of a set that are run, with those of the sets among them.
///
/// Tags of a set are tags of all that is in it; a set of which nothing is left is left out.
#[derive(Debug, Clone)]
pub struct Selection {
    order: Order,
    wait: Option<Wait>,
    tasks: Vec<Selected>,
    /// What runs in place of what the order says.
    turns: Option<Turns>,
    /// Whether a sequence is over after its last task, instead of beginning again.
    once: bool,
}

/// A task, as far as it is run.
#[derive(Debug, Clone)]
pub struct Selected {
    /// Its name, after those of the sets that it is in: `forum::read`.
    pub name: String,
    /// Its place among all tasks of its class, from 1: a set, then what is in it, then what comes after it.
    pub number: u32,
    /// How often it is picked, relative to the others; 0 if it is left out.
    pub weight: u32,
    /// What is run of the set that it enters; none if it is a task by itself.
    pub set: Option<Selection>,
    transitions: &'static [(usize, u32)],
}

impl Selection {
    /// What the filter leaves of a list.
    #[must_use]
    pub fn new(list: &TaskList, filter: &TaskFilter) -> Self {
        Self::within("", &[], list, filter, &mut 0)
    }

    /// The same with other weights, by the names of tasks and sets; what is left out stays so. To be checked by [`check_weights`](Self::check_weights)
    /// first.
    #[must_use]
    pub fn weighted(mut self, weights: &BTreeMap<String, u32>) -> Self {
        for task in &mut self.tasks {
            task.set = task.set.take().map(|set| set.weighted(weights));
            let is_left = task.weight > 0 && task.set.as_ref().is_none_or(|set| !set.is_empty());
            let weight = weights.get(&task.name).copied().unwrap_or(task.weight);
            task.weight = if is_left { weight } else { 0 };
        }
        self
    }

    /// Whether its tasks can be given these weights.
    ///
    /// # Errors
    ///
    /// A task that there is not, with those there are; one that transitions lead to; and weights that leave no task.
    pub fn check_weights(&self, weights: &BTreeMap<String, u32>) -> Result<(), String> {
        let names = self.names();
        if let Some(name) = weights.keys().find(|name| !names.contains(&name.as_str())) {
            return Err(format!("no task `{name}`; there are: {}", names.join(", ")));
        }
        if let Some(name) = self.led_to().into_iter().find(|name| weights.contains_key(*name)) {
            return Err(format!("`{name}` has no weight: transitions lead to it"));
        }
        match self.clone().weighted(weights).is_empty() && !self.is_empty() {
            true => Err("no task is left: all have the weight 0".to_owned()),
            false => Ok(()),
        }
    }

    /// The names of all tasks and sets that transitions lead to.
    fn led_to(&self) -> Vec<&str> {
        let is_led_to = self.order == Order::Markov;
        let names = self.tasks.iter().flat_map(|task| {
            let own = is_led_to.then_some(&*task.name);
            own.into_iter().chain(task.set.iter().flat_map(Self::led_to))
        });
        names.collect()
    }

    /// The names of all tasks and sets, by their numbers; those that are left out too.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let below = self.tasks.iter().map(|task| match &task.set {
            Some(set) => [vec![&*task.name], set.names()].concat(),
            None => vec![&*task.name],
        });
        below.flatten().collect()
    }

    /// The same, of a set with this path and these tags.
    fn within(
        path: &str,
        outer: &[&str],
        list: &TaskList,
        filter: &TaskFilter,
        count: &mut u32,
    ) -> Self {
        let select = |task: &Task| {
            *count += 1;
            let number = *count;
            let name = format!("{path}{}", task.name);
            let tags = [outer, task.tags].concat();
            let set =
                task.set.map(|set| Self::within(&format!("{name}::"), &tags, set, filter, count));
            let weight = match &set {
                None => filter.weight(task.weight, &tags),
                Some(set) if set.is_empty() => 0,
                Some(_) if filter.equal_weights => 1,
                Some(_) => task.weight,
            };
            Selected { name, number, weight, set, transitions: task.transitions }
        };
        let tasks = list.tasks.iter().map(select).collect();
        Self { order: list.order, wait: list.wait, tasks, turns: None, once: false }
    }

    /// The same without pauses of sets.
    #[must_use]
    pub(crate) fn without_pauses(mut self) -> Self {
        self.wait = None;
        for task in &mut self.tasks {
            task.set = task.set.take().map(Self::without_pauses);
        }
        self
    }

    /// The same, where a sequence does not begin again.
    #[must_use]
    pub(crate) fn once(self) -> Self {
        Self { once: true, ..self }
    }

    /// Whether nothing follows the last one.
    pub(crate) fn ends_with(&self, (times, task): (u32, usize)) -> bool {
        let is_last = || self.tasks.iter().skip(task + 1).all(|later| later.weight == 0);
        let is_sequence = self.once && self.order == Order::Sequential;
        is_sequence && times >= self.tasks[task].weight && is_last()
    }

    /// Leaves out all tasks but these, by their names. The name of a set stands for all that is in it.
    pub(crate) fn only(&mut self, names: &[&str]) {
        for task in self.tasks.iter_mut().filter(|task| !names.contains(&&*task.name)) {
            if let Some(set) = &mut task.set {
                set.only(names);
            }
            if task.set.as_ref().is_none_or(Self::is_empty) {
                task.weight = 0;
            }
        }
    }

    /// Has this task run next, after those added so far; then all end. The name of a set stands for each that is in it, in the order of declaration.
    pub(crate) fn add_turn(&mut self, name: &str) {
        let is_it = |task: &Selected| {
            let rest = name.strip_prefix(&*task.name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
        };
        let Some(index) = self.tasks.iter().position(is_it) else { return };
        let turns = self.turns.get_or_insert_default();
        let task = &mut self.tasks[index];
        let Some(set) = &mut task.set else { return turns.add(index) };
        match (turns.ends_with(index), &mut set.turns) {
            (true, Some(inner)) => inner.go_on(),
            _ => turns.add(index),
        }
        if task.name == name {
            let all: Vec<String> = set.tasks.iter().map(|task| task.name.clone()).collect();
            all.iter().for_each(|name| set.add_turn(name));
        } else {
            set.add_turn(name);
        }
        set.turns.get_or_insert_default().end_visit();
    }

    /// Whether all that were to run in turn have run.
    pub(crate) fn is_over(&self) -> bool {
        self.turns.as_ref().is_some_and(Turns::is_over)
    }

    /// Whether no task is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tasks.iter().all(|task| task.weight == 0)
    }

    /// All tasks of the list, those that are left out too.
    #[must_use]
    pub fn tasks(&self) -> &[Selected] {
        &self.tasks
    }

    /// Pause between the tasks; that around the set, if it has none of its own.
    #[must_use]
    pub fn wait(&self) -> Option<Wait> {
        self.wait
    }

    /// How its tasks follow each other.
    pub(super) fn order(&self) -> Order {
        self.order
    }

    /// The task that transitions lead from.
    pub(super) fn first(&self) -> usize {
        self.after(None)
    }

    /// What may follow a task by transitions, each with its probability.
    pub(super) fn followers(&self, task: usize) -> Vec<(usize, f64)> {
        let left = self.left_to(task);
        let total: u32 = left.clone().map(|(_, weight)| weight).sum();
        match total {
            0 => vec![(self.first(), 1.0)],
            _ => left.map(|(to, weight)| (to, f64::from(weight) / f64::from(total))).collect(),
        }
    }

    /// The transitions from a task to those that are not left out.
    fn left_to(&self, task: usize) -> impl Iterator<Item = (usize, u32)> + Clone {
        let transitions = self.tasks[task].transitions.iter().copied();
        transitions.filter(|(to, _)| self.tasks[*to].weight > 0)
    }

    /// The task that is run after the last one, as [`next`](Self::next) says it or the turns; none when those are over.
    pub(crate) fn follow(
        &self,
        last: Option<(u32, usize)>,
        random: &mut Random,
    ) -> Option<(u32, usize)> {
        match &self.turns {
            Some(turns) => turns.take().map(|task| (1, task)),
            None => Some(self.next(last, random)),
        }
    }

    /// The task that is run after the last one: (how often that was picked in a row, its index).
    pub(crate) fn next(&self, last: Option<(u32, usize)>, random: &mut Random) -> (u32, usize) {
        let again = |(times, task)| (times + 1, task);
        match (self.order, last) {
            (Order::Random, _) => {
                let weights = self.tasks.iter().map(|task| task.weight).enumerate();
                (1, pick(weights, random).unwrap_or_default())
            }
            (Order::Sequential, Some(last)) if last.0 < self.tasks[last.1].weight => again(last),
            (Order::Sequential, last) => (1, self.after(last.map(|(_, task)| task))),
            (Order::Markov, None) => (1, self.first()),
            // Where tags have left out all that may follow, it begins again.
            (Order::Markov, Some((_, last))) => {
                (1, pick(self.left_to(last), random).unwrap_or_else(|| self.first()))
            }
        }
    }

    /// The first task after this one that is not left out; the first of all, after the last.
    fn after(&self, task: Option<usize>) -> usize {
        let is_left = |index: &usize| self.tasks[*index].weight > 0;
        let next = task.map_or(0, |task| task + 1);
        (next..self.tasks.len()).chain(0..next).find(is_left).unwrap_or_default()
    }
}

/// One of these by weight; none if all weights are 0.
fn pick(weights: impl Iterator<Item = (usize, u32)> + Clone, random: &mut Random) -> Option<usize> {
    let total: u64 = weights.clone().map(|(_, weight)| u64::from(weight)).sum();
    let mut left = random.number(0..=total.checked_sub(1)?);
    for (index, weight) in weights {
        match left.checked_sub(u64::from(weight)) {
            Some(rest) => left = rest,
            None => return Some(index),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const TASK: Task =
        Task { name: "", weight: 1, tags: &[], doc: "", line: 0, transitions: &[], set: None };
    const FORUM: TaskList = TaskList {
        tasks: &[
            Task { name: "read", weight: 2, ..TASK },
            Task { name: "post", tags: &["write"], ..TASK },
        ],
        order: Order::Random,
        wait: None,
    };
    const SHOPPER: TaskList = TaskList {
        tasks: &[
            Task { name: "index", ..TASK },
            Task { name: "forum", weight: 3, tags: &["social"], set: Some(&FORUM), ..TASK },
        ],
        ..FORUM
    };

    fn filter(tags: &str, exclude_tags: &str) -> TaskFilter {
        let list = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        TaskFilter { tags: list(tags), exclude_tags: list(exclude_tags), ..TaskFilter::default() }
    }

    #[test]
    fn tags_reach_into_sets() {
        for (tags, exclude_tags, weights) in [
            ("", "", [1, 3, 2, 1]),
            ("social", "", [0, 3, 2, 1]),
            ("write", "", [0, 3, 0, 1]),
            ("social", "write", [0, 3, 2, 0]),
            ("", "social", [1, 0, 0, 0]),
            ("other", "", [0, 0, 0, 0]),
        ] {
            let selection = Selection::new(&SHOPPER, &filter(tags, exclude_tags));
            let forum = selection.tasks[1].set.as_ref().expect("a set");
            let all = selection.tasks.iter().chain(&forum.tasks);
            let found: Vec<u32> = all.clone().map(|task| task.weight).collect();
            assert_eq!(found, weights, "{tags} without {exclude_tags}");
            assert_eq!(selection.is_empty(), weights[..2] == [0, 0]);
            let names: Vec<&str> = all.clone().map(|task| task.name.as_str()).collect();
            assert_eq!(names, ["index", "forum", "forum::read", "forum::post"]);
            let numbers: Vec<u32> = all.map(|task| task.number).collect();
            assert_eq!(numbers, [1, 2, 3, 4]);
            assert_eq!(selection.names(), ["index", "forum", "forum::read", "forum::post"]);
        }
    }

    /// The first indices that are run.
    fn course(list: &TaskList, filter: &TaskFilter, count: usize) -> Vec<usize> {
        let (selection, random) = (Selection::new(list, filter), &mut Random::new(1, 1));
        let mut last = None;
        let next = |_| {
            last = Some(selection.next(last, random));
            last.unwrap_or_default().1
        };
        (0..count).map(next).collect()
    }

    #[test]
    fn a_sequence_repeats_each_task_as_often_as_its_weight_says_and_begins_again() {
        const LIST: TaskList = TaskList {
            tasks: &[
                Task { weight: 3, tags: &["a"], ..TASK },
                Task { weight: 2, ..TASK },
                Task { weight: 1, tags: &["a"], ..TASK },
            ],
            order: Order::Sequential,
            wait: None,
        };
        for (tags, expected) in
            [("", [0, 0, 0, 1, 1, 2, 0, 0, 0]), ("a", [0, 0, 0, 2, 0, 0, 0, 2, 0])]
        {
            assert_eq!(course(&LIST, &filter(tags, ""), 9), expected, "{tags}");
        }
    }

    #[test]
    fn weights_of_a_run_replace_those_declared() {
        const IN_ORDER: TaskList = TaskList { order: Order::Sequential, ..SHOPPER };
        const BY_TRANSITIONS: TaskList = TaskList { order: Order::Markov, ..SHOPPER };
        let weights = |text: &str| -> BTreeMap<String, u32> {
            let pairs = text.split_whitespace().filter_map(|pair| pair.split_once('='));
            pairs
                .map(|(name, weight)| (name.to_owned(), weight.parse().expect("a number")))
                .collect()
        };
        let equal = TaskFilter { equal_weights: true, ..TaskFilter::default() };
        for (given, filter, expected) in [
            ("", filter("", ""), Ok([1, 3, 2, 1])),
            ("index=5 forum::read=7", filter("", ""), Ok([5, 3, 7, 1])),
            ("forum=9", filter("", ""), Ok([1, 9, 2, 1])),
            ("forum=0", filter("", ""), Ok([1, 0, 2, 1])),
            ("forum::read=0 forum::post=0", filter("", ""), Ok([1, 0, 0, 0])),
            ("index=4 forum::read=6", equal, Ok([4, 1, 6, 1])),
            ("index=5 forum=9 forum::read=6", filter("write", ""), Ok([0, 9, 0, 1])),
            ("forum::read=6", filter("other", ""), Ok([0, 0, 0, 0])),
            ("index=0 forum=0", filter("", ""), Err("no task is left")),
            ("index=0 forum::read=0 forum::post=0", filter("", ""), Err("no task is left")),
            ("forum::post=0", filter("write", ""), Err("no task is left")),
            ("read=1", filter("", ""), Err("there are: index, forum, forum::read, forum::post")),
        ] {
            let (selection, given) = (Selection::new(&SHOPPER, &filter), weights(given));
            let found = selection.check_weights(&given).map(|()| {
                let found = selection.weighted(&given);
                let inner = found.tasks[1].set.iter().flat_map(|set| &set.tasks);
                found.tasks.iter().chain(inner).map(|task| task.weight).collect::<Vec<_>>()
            });
            match expected {
                Ok(expected) => assert_eq!(found.as_deref(), Ok(&expected[..]), "{given:?}"),
                Err(part) => assert!(found.is_err_and(|why| why.contains(part)), "{given:?}"),
            }
        }
        let twice =
            Selection::new(&IN_ORDER, &filter("", "")).weighted(&weights("index=2 forum=1"));
        let (mut last, random) = (None, &mut Random::new(1, 1));
        let course = [(); 6].map(|()| last.insert(twice.next(last, random)).1);
        assert_eq!(course, [0, 0, 1, 0, 0, 1], "in a row");
        let maze = Selection::new(&BY_TRANSITIONS, &filter("", ""));
        for (given, is_well) in [("index=2", false), ("forum=0", false), ("forum::read=5", true)] {
            assert_eq!(maze.check_weights(&weights(given)).is_ok(), is_well, "{given}");
        }
    }

    #[test]
    fn transitions_lead_from_the_first_task_on_and_past_what_is_left_out() {
        const LIST: TaskList = TaskList {
            tasks: &[
                Task { transitions: &[(1, 1)], ..TASK },
                Task { transitions: &[(2, 1), (0, 1)], ..TASK },
                Task { tags: &["slow"], transitions: &[(0, 1)], ..TASK },
            ],
            order: Order::Markov,
            wait: None,
        };
        let all = course(&LIST, &filter("", ""), 1_000);
        assert_eq!(all[..2], [0, 1]);
        let known = [(0, 1), (1, 2), (1, 0), (2, 0)];
        assert!(all.windows(2).all(|pair| known.contains(&(pair[0], pair[1]))), "{all:?}");
        let third = all.iter().filter(|task| **task == 2).count();
        assert!((150..250).contains(&third), "every other time after the second: {third}");
        assert_eq!(course(&LIST, &filter("", "slow"), 4), [0, 1, 0, 1]);
        assert_eq!(course(&LIST, &filter("slow", ""), 3), [2, 2, 2], "nothing else is left");
    }
}
