//! Who takes part in a run.

use crate::error::UsageError;
use crate::options::{OfClass, Options};
use std::collections::BTreeSet;
use swarm_core::plan::{ClassSpec, Load, TaskFilter};
use swarm_core::threshold::{Subject, Threshold};
use swarm_core::user::{Selection, UserClass};

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
        let stages = options.stages_of.iter().flat_map(|list| &list.0);
        let numbers = options.users_of.iter().chain(&options.weight_of);
        let names = numbers.map(|of| &of.class).chain(stages.map(|of| &of.class));
        let names = names.chain(options.task_weight_of.iter().map(|of| &of.class));
        for class in names.chain(options.rate_of.iter().map(|of| &of.class)) {
            check_name(class, selected)?;
        }
        let filter = TaskFilter {
            tags: options.tags.clone(),
            exclude_tags: options.exclude_tags.clone(),
            equal_weights: options.equal_weights,
        };
        let has_tasks = |class: &&UserClass| !Selection::new(&class.list, &filter).is_empty();
        let (classes, rest): (Classes, Classes) = selected.iter().copied().partition(has_tasks);
        if classes.is_empty() {
            let error = UsageError::new("the tags leave no task");
            return Err(error.help(format!("there are: {}", tags_of(selected))));
        }
        let specs = classes.iter().map(|class| {
            let spec = spec(class, options)?;
            check_weights(class, &filter, &spec)?;
            Ok(spec)
        });
        let specs: Vec<ClassSpec> = specs.collect::<Result<_, _>>()?;
        if !specs.iter().any(ClassSpec::takes_part) {
            return Err(UsageError::new("every class has the weight 0: nobody would take part"));
        }
        let left_out = rest.iter().map(|class| class.name).collect();
        Ok(Self { classes, specs, filter, left_out })
    }

    /// What is wrong with thresholds that name a class or a task that nobody runs: they fail.
    pub(crate) fn without_data(&self, thresholds: &[Threshold]) -> Vec<String> {
        let selection = |name: &str| {
            let mut classes = self.classes.iter().zip(&self.specs);
            let found = classes.find(|(class, spec)| class.name == name && spec.takes_part());
            found.map(|(class, spec)| class.selection(&self.filter, &spec.task_weights))
        };
        let wrong = thresholds.iter().filter_map(|threshold| match &threshold.subject {
            Subject::Task { class, task }
                if !selection(class).is_some_and(|it| runs(&it, task)) =>
            {
                Some(format!("threshold {threshold}: no task `{class}::{task}` is run"))
            }
            Subject::Class(class) if selection(class).is_none() => {
                Some(format!("threshold {threshold}: no class `{class}` is run"))
            }
            _ => None,
        });
        wrong.collect()
    }
}

/// Whether a task is among what is selected, or in a set among that.
fn runs(selection: &Selection, name: &str) -> bool {
    selection.tasks().iter().filter(|task| task.weight > 0).any(|task| match &task.set {
        None => task.name == name,
        Some(set) => runs(set, name),
    })
}

fn spec(class: &UserClass, options: &Options) -> Result<ClassSpec, UsageError> {
    let mut spec = class.spec();
    if options.equal_weights {
        spec.weight = 1;
    }
    let weight = given(&options.weight_of, class).copied();
    let count = given(&options.users_of, class).copied();
    if class.visits.is_some() && weight.or(count).is_some_and(|number| number > 0) {
        let error = UsageError::new(format!("{} comes for visits: it has no number", class.name));
        return Err(error.help("give it another rate: --rate-of"));
    }
    if let Some(weight) = weight {
        (spec.weight, spec.fixed_count) = (weight, 0);
    }
    let stages = options.stages_of.iter().rev().find_map(|list| given(&list.0, class)).cloned();
    let rate = given(&options.rate_of, class).copied();
    let loads =
        [stages.map(|stages| Load::Stages { stages }), rate.map(|rate| Load::Rate { rate })];
    let mut loads = loads.into_iter().flatten();
    let load = loads.next();
    if loads.next().is_some() || (load.is_some() && count.is_some()) {
        let error = UsageError::new(format!("{} is given two loads of its own", class.name));
        return Err(error.help("leave all but one: --users-of, --stages-of or --rate-of"));
    }
    if let Some(count) = count {
        // No users is no fixed count and no weight.
        spec.fixed_count = count;
        spec.weight = if count == 0 { 0 } else { spec.weight };
    }
    let weights = options.task_weight_of.iter().filter(|of| of.class == class.name);
    spec.task_weights = weights.map(|of| (of.task.clone(), of.weight)).collect();
    // Whoever is left out does not visit either.
    let visits = spec.load.filter(|_| weight.or(count) != Some(0));
    spec.load = load.or(visits);
    Ok(spec)
}

fn check_weights(
    class: &UserClass,
    filter: &TaskFilter,
    spec: &ClassSpec,
) -> Result<(), UsageError> {
    let selection = Selection::new(&class.list, filter);
    let wrong = |why| UsageError::new(format!("--task-weight-of {}: {why}", class.name));
    selection.check_weights(&spec.task_weights).map_err(|why| {
        let names = selection.names();
        let unknown = spec.task_weights.keys().find(|name| !names.contains(&name.as_str()));
        match unknown {
            Some(name) => wrong(why).nearest(name, names),
            None => wrong(why),
        }
    })
}

/// What was given for a class; the last counts.
fn given<'a, T>(list: &'a [OfClass<T>], class: &UserClass) -> Option<&'a T> {
    list.iter().rev().find(|of| of.class == class.name).map(|of| &of.value)
}

fn check_name(class: &str, selected: &[&'static UserClass]) -> Result<(), UsageError> {
    let names: Vec<&str> = selected.iter().map(|class| class.name).collect();
    if names.contains(&class) {
        return Ok(());
    }
    let message = format!("no class `{class}` is selected; there are: {}", names.join(", "));
    Err(UsageError::new(message).nearest(class, names))
}

fn tags_of(classes: &[&'static UserClass]) -> String {
    let tags: BTreeSet<&str> = classes.iter().flat_map(|class| class.list.tags()).collect();
    let tags: Vec<&str> = tags.into_iter().collect();
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

    #[user(visits = 2/s)]
    struct Caller;

    #[tasks]
    impl Caller {
        #[task]
        fn call(&mut self) {}
    }

    #[test]
    fn who_comes_for_visits_has_a_rate_and_no_number() {
        let load = |line: &str| {
            let registry = Registry::find().expect("no duplicates");
            let selected = ["Walker", "Caller"].map(|name| registry.class(name).expect("declared"));
            let words = ["swarm"].into_iter().chain(line.split_whitespace());
            let participants = Participants::new(&selected, &Options::parse_from(words))?;
            Ok::<_, UsageError>(participants.specs[1].load.as_ref().map(ToString::to_string))
        };
        for (line, expected) in [
            ("", Some("2/s")),
            ("--rate-of Caller=30/m", Some("30/m")),
            ("--stages-of Caller=5/s@1m,0/s@1m", Some("5/s@1m, 0/s@1m")),
            ("--weight-of Caller=0", None),
            ("--users-of Caller=0", None),
        ] {
            assert_eq!(load(line).expect(line).as_deref(), expected, "{line}");
        }
        for line in ["--weight-of Caller=3", "--users-of Caller=3"] {
            assert!(load(line).expect_err(line).to_string().contains("--rate-of"), "{line}");
        }
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
            ("--stages-of Rnner=7@1s", "did you mean `Runner`?"),
            ("--users-of Runner=7 --stages-of Runner=7@1s", "two loads of its own"),
            ("--rate-of Runner=7/s --stages-of Runner=7@1s", "two loads of its own"),
            ("--rate-of Rnner=7/s", "did you mean `Runner`?"),
            ("--tags nonsense", "there are: fast, rest"),
            ("--task-weight-of Rnner::run=2", "did you mean `Runner`?"),
            ("--task-weight-of Walker::wlk=2", "did you mean `walk`?"),
            ("--task-weight-of Walker::run=2", "there are: walk, sit"),
            ("--task-weight-of Walker::walk=0,Walker::sit=0", "all have the weight 0"),
            ("--tags rest --task-weight-of Walker::sit=0", "all have the weight 0"),
        ] {
            let error = participants(line).expect_err(line).to_string();
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn weights_of_tasks_are_those_given_last() {
        let line = "--task-weight-of Walker::walk=2,Runner::run=9 --task-weight-of Walker::walk=5";
        let specs = participants(line).expect("valid").specs;
        let found: Vec<String> = specs.iter().map(|it| format!("{:?}", it.task_weights)).collect();
        assert_eq!(found, [r#"{"walk": 5}"#, r#"{"run": 9}"#]);
        for text in ["Walker::walk", "Walker=3", "Walker::walk=many"] {
            let why = text.parse::<crate::options::TaskWeight>().expect_err(text);
            assert!(why.contains("`Buyer::search=3`"), "{why}");
        }
    }

    #[test]
    fn tags_leave_tasks_out_and_classes_without_any() {
        let resting = participants("--tags rest").expect("valid");
        assert_eq!((resting.specs.len(), resting.left_out.as_slice()), (1, &["Runner"][..]));
    }

    #[test]
    fn a_threshold_on_what_nobody_runs_is_warned_of() {
        let list = r#"p95 < 1s, rps("GET /") > 1, rps("Walker::walk") > 1, rps("Walker") > 1,
            rps("Runner") > 1, rps("Walker::fly") > 1, rps("Swimmer") > 1"#;
        let list = swarm_core::threshold::parse_list(list).expect("valid");
        for (line, unknown) in [
            ("", &["no task `Walker::fly`", "no class `Swimmer`"][..]),
            ("--weight-of Runner=0", &["class `Runner`", "`Walker::fly`", "`Swimmer`"]),
            ("--tags rest", &["`Walker::walk`", "`Runner`", "`Walker::fly`", "`Swimmer`"]),
        ] {
            let warnings = participants(line).expect(line).without_data(&list);
            assert_eq!(warnings.len(), unknown.len(), "{warnings:?}");
            let mut pairs = warnings.iter().zip(unknown);
            assert!(pairs.all(|(warning, part)| warning.contains(part)), "{warnings:?}");
        }
    }
}
