//! Who takes part in a run, and how often each task is run.

use crate::error::UsageError;
use crate::options::{OfClass, Options};
use serde_json::{Value, json};
use std::fmt::Write as _;
use swarm_core::plan::{ClassSpec, TaskFilter};
use swarm_core::user::{Task, UserClass};

type Classes = Vec<&'static UserClass>;

/// The classes that take part, with what the options change of them.
#[derive(Debug)]
pub(crate) struct Participants {
    pub(crate) classes: Classes,
    pub(crate) specs: Vec<ClassSpec>,
    pub(crate) filter: TaskFilter,
    /// Classes that the tags leave no task.
    pub(crate) left_out: Vec<&'static str>,
}

impl Participants {
    /// Of these classes, as the options say.
    pub(crate) fn new(
        selected: &[&'static UserClass],
        options: &Options,
    ) -> Result<Self, UsageError> {
        for change in options.users_of.iter().chain(&options.weight_of) {
            check_name(change, selected)?;
        }
        let filter = TaskFilter {
            tags: options.tags.clone(),
            exclude_tags: options.exclude_tags.clone(),
            equal_weights: options.equal_weights,
        };
        let has_tasks = |class: &&UserClass| weights(class, &filter).iter().any(|it| *it > 0);
        let (classes, rest): (Classes, Classes) = selected.iter().copied().partition(has_tasks);
        if classes.is_empty() {
            let error = UsageError::new("the tags leave no task");
            return Err(error.help(format!("there are: {}", tags_of(selected))));
        }
        let specs: Vec<ClassSpec> = classes.iter().map(|class| spec(class, options)).collect();
        if specs.iter().all(|spec| spec.weight == 0 && spec.fixed_count == 0) {
            return Err(UsageError::new("every class has the weight 0: nobody would take part"));
        }
        let left_out = rest.iter().map(|class| class.name).collect();
        Ok(Self { classes, specs, filter, left_out })
    }

    /// Each class's share of the users, each task's share of its class and of all; fixed counts come before the shares.
    fn ratios(&self) -> Vec<Ratio> {
        let share =
            |part: u32, whole: u64| if whole == 0 { 0.0 } else { f64::from(part) / whole as f64 };
        let weighted = self.specs.iter().filter(|spec| spec.fixed_count == 0);
        let all: u64 = weighted.map(|spec| u64::from(spec.weight)).sum();
        let classes = self.classes.iter().zip(&self.specs);
        classes
            .map(|(class, spec)| {
                let weights = weights(class, &self.filter);
                let total: u64 = weights.iter().map(|weight| u64::from(*weight)).sum();
                let tasks = class.tasks.iter().zip(weights);
                Ratio {
                    class: class.name,
                    fixed_count: spec.fixed_count,
                    share: (spec.fixed_count == 0).then(|| share(spec.weight, all)),
                    tasks: tasks.map(|(task, weight)| (task.name, share(weight, total))).collect(),
                }
            })
            .collect()
    }

    /// The shares for people.
    pub(crate) fn ratio_text(&self) -> String {
        let mut out = String::new();
        for ratio in self.ratios() {
            let _ = match ratio.share {
                Some(share) => writeln!(out, "{:>6.1} %  {}", share * 100.0, ratio.class),
                None => writeln!(out, "{:>6} x  {}", ratio.fixed_count, ratio.class),
            };
            for (task, share) in ratio.tasks {
                let of_all = match ratio.share {
                    Some(class) => format!("  ({:.1} % of all)", class * share * 100.0),
                    None => String::new(),
                };
                let _ = writeln!(out, "    {:>6.1} %  {task}{of_all}", share * 100.0);
            }
        }
        out
    }

    /// The shares for programs.
    pub(crate) fn ratio_json(&self) -> String {
        let task = |ratio: &Ratio, (name, share): &(&str, f64)| json!({ "name": name, "share": share, "share_of_all": ratio.share.map(|it| it * share) });
        let list: Vec<Value> = self
            .ratios()
            .iter()
            .map(|ratio| {
                let tasks: Vec<Value> = ratio.tasks.iter().map(|it| task(ratio, it)).collect();
                json!({
                    "class": ratio.class, "share": ratio.share, "fixed_count": ratio.fixed_count,
                    "tasks": tasks,
                })
            })
            .collect();
        format!("{:#}\n", Value::from(list))
    }
}

/// How often a class and its tasks are run.
struct Ratio {
    class: &'static str,
    fixed_count: u32,
    /// Of the users without a fixed count.
    share: Option<f64>,
    tasks: Vec<(&'static str, f64)>,
}

fn weights(class: &UserClass, filter: &TaskFilter) -> Vec<u32> {
    Task::weights(class.tasks, filter)
}

fn spec(class: &UserClass, options: &Options) -> ClassSpec {
    let given =
        |list: &[OfClass]| list.iter().rev().find(|it| it.class == class.name).map(|it| it.number);
    let mut spec = class.spec();
    if options.equal_weights {
        spec.weight = 1;
    }
    if let Some(weight) = given(&options.weight_of) {
        (spec.weight, spec.fixed_count) = (weight, 0);
    }
    if let Some(count) = given(&options.users_of) {
        // No users is no fixed count and no weight.
        spec.fixed_count = count;
        spec.weight = if count == 0 { 0 } else { spec.weight };
    }
    spec
}

fn check_name(change: &OfClass, selected: &[&'static UserClass]) -> Result<(), UsageError> {
    let names: Vec<&str> = selected.iter().map(|class| class.name).collect();
    if names.contains(&change.class.as_str()) {
        return Ok(());
    }
    let message =
        format!("no class `{}` is selected; there are: {}", change.class, names.join(", "));
    Err(UsageError::new(message).nearest(&change.class, names))
}

fn tags_of(classes: &[&'static UserClass]) -> String {
    let tasks = classes.iter().flat_map(|class| class.tasks);
    let mut tags: Vec<&str> = tasks.flat_map(|task| task.tags).copied().collect();
    tags.sort_unstable();
    tags.dedup();
    if tags.is_empty() { "no tags".to_owned() } else { tags.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser as _;
    use swarm_core::prelude::*;
    use swarm_core::user::Registry;

    #[user(weight = 3)]
    struct Walker;

    #[tasks]
    impl Walker {
        #[task(3)]
        fn walk(&mut self) {}

        #[task(tags = ["rest"])]
        fn sit(&mut self) {}
    }

    #[user]
    struct Runner;

    #[tasks]
    impl Runner {
        #[task(tags = ["fast"])]
        fn run(&mut self) {}
    }

    fn participants(line: &str) -> Result<Participants, UsageError> {
        let registry = Registry::find().expect("no duplicates");
        let selected = ["Walker", "Runner"].map(|name| registry.class(name).expect("declared"));
        let words = ["swarm"].into_iter().chain(line.split_whitespace());
        Participants::new(&selected, &Options::parse_from(words))
    }

    #[test]
    fn weights_and_counts_can_be_changed_class_by_class() {
        for (line, walker, runner) in [
            ("", (3, 0), (1, 0)),
            ("--equal-weights", (1, 0), (1, 0)),
            ("--users-of Runner=7", (3, 0), (1, 7)),
            ("--users-of Runner=0", (3, 0), (0, 0)),
            ("--weight-of Runner=5,Walker=2", (2, 0), (5, 0)),
            ("--equal-weights --weight-of Walker=9", (9, 0), (1, 0)),
        ] {
            let specs = participants(line).expect(line).specs;
            let found: Vec<_> = specs.iter().map(|spec| (spec.weight, spec.fixed_count)).collect();
            assert_eq!(found, [walker, runner], "{line}");
        }
        for (line, part) in [
            ("--users-of Rnner=7", "did you mean `Runner`?"),
            ("--weight-of Runner=0,Walker=0", "every class has the weight 0"),
            ("--tags nonsense", "there are: fast, rest"),
        ] {
            let error = participants(line).expect_err(line).to_string();
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn tags_leave_tasks_out_and_classes_without_any() {
        let resting = participants("--tags rest").expect("valid");
        assert_eq!((resting.specs.len(), resting.left_out.as_slice()), (1, &["Runner"][..]));
        let lines = [
            " 100.0 %  Walker",
            "       0.0 %  walk  (0.0 % of all)",
            "     100.0 %  sit  (100.0 % of all)",
        ];
        assert_eq!(resting.ratio_text().lines().collect::<Vec<_>>(), lines);
    }

    #[test]
    fn ratios_are_of_the_class_and_of_all() {
        let all = participants("").expect("valid");
        let lines = [
            "  75.0 %  Walker",
            "      75.0 %  walk  (56.2 % of all)",
            "      25.0 %  sit  (18.8 % of all)",
            "  25.0 %  Runner",
            "     100.0 %  run  (25.0 % of all)",
        ];
        assert_eq!(all.ratio_text().lines().collect::<Vec<_>>(), lines);
        let fixed = participants("--users-of Runner=2").expect("valid");
        assert!(fixed.ratio_text().contains("     2 x  Runner\n     100.0 %  run\n"));
        let list: Value = serde_json::from_str(&all.ratio_json()).expect("JSON");
        assert_eq!(list[0]["tasks"][0]["share_of_all"], 0.5625);
        assert_eq!((&list[0]["share"], &list[1]["fixed_count"]), (&json!(0.75), &json!(0)));
    }
}
