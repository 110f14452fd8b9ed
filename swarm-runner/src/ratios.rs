//! How often each task is run: `--show-task-ratio`.

use crate::participants::Participants;
use serde_json::{Value, json};
use std::fmt::Write as _;
use swarm_core::plan::ClassSpec;
use swarm_core::user::Selection;

/// How often a class and its tasks are run.
struct Ratio {
    class: &'static str,
    fixed_count: u32,
    /// Its own, if it has one.
    load: Option<String>,
    /// Of the users without a fixed count or a load of their own.
    share: Option<f64>,
    tasks: Vec<TaskRatio>,
}

/// How often a task is run; those of a set come after it.
struct TaskRatio {
    name: String,
    /// How many sets it is in.
    depth: usize,
    /// Of what its class does; by transitions, in the long run.
    share: f64,
}

/// Each class's share of the users, each task's share of its class and of all; fixed counts come before the shares.
///
/// The share of a set is how often it is entered; those of its tasks divide that.
fn ratios(participants: &Participants) -> Vec<Ratio> {
    let by_weight = |spec: &&ClassSpec| spec.fixed_count == 0 && spec.load.is_none();
    let weighted = participants.specs.iter().filter(by_weight);
    let all: u64 = weighted.map(|spec| u64::from(spec.weight)).sum();
    let share = |weight: u32| if all == 0 { 0.0 } else { f64::from(weight) / all as f64 };
    let classes = participants.classes.iter().zip(&participants.specs);
    let ratio = classes.map(|(class, spec)| {
        let mut tasks = Vec::new();
        let selection = class.selection(&participants.filter, &spec.task_weights);
        gather(&mut tasks, &selection, 0, 1.0);
        let share = by_weight(&spec).then(|| share(spec.weight));
        let load = spec.load.as_ref().map(ToString::to_string);
        Ratio { class: class.name, fixed_count: spec.fixed_count, load, share, tasks }
    });
    ratio.collect()
}

fn gather(tasks: &mut Vec<TaskRatio>, selection: &Selection, depth: usize, whole: f64) {
    for (task, share) in selection.tasks().iter().zip(selection.shares()) {
        let share = share * whole;
        tasks.push(TaskRatio { name: task.name.clone(), depth, share });
        if let Some(set) = &task.set {
            gather(tasks, set, depth + 1, share);
        }
    }
}

/// The shares for people.
pub(crate) fn text(participants: &Participants) -> String {
    let mut out = String::new();
    for ratio in ratios(participants) {
        let _ = match (ratio.share, &ratio.load) {
            (Some(share), _) => writeln!(out, "{:>6.1} %  {}", share * 100.0, ratio.class),
            (None, Some(load)) => writeln!(out, "{:>8}  {} ({load})", "its own", ratio.class),
            (None, None) => writeln!(out, "{:>6} x  {}", ratio.fixed_count, ratio.class),
        };
        for TaskRatio { name, depth, share } in ratio.tasks {
            let of_all = match ratio.share {
                Some(class) => format!("  ({:.1} % of all)", class * share * 100.0),
                None => String::new(),
            };
            let indent = 4 * (depth + 1);
            let _ = writeln!(out, "{:indent$}{:>6.1} %  {name}{of_all}", "", share * 100.0);
        }
    }
    out
}

/// The shares for programs.
pub(crate) fn json(participants: &Participants) -> String {
    let task = |class: Option<f64>, task: &TaskRatio| {
        let of_all = class.map(|class| class * task.share);
        json!({ "name": task.name, "share": task.share, "share_of_all": of_all })
    };
    let ratio = |ratio: &Ratio| {
        let tasks: Vec<Value> = ratio.tasks.iter().map(|it| task(ratio.share, it)).collect();
        json!({
            "class": ratio.class,
            "share": ratio.share,
            "fixed_count": ratio.fixed_count,
            "load": ratio.load,
            "tasks": tasks,
        })
    };
    let list: Vec<Value> = ratios(participants).iter().map(ratio).collect();
    format!("{:#}\n", Value::from(list))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;
    use clap::Parser as _;
    use swarm_core::prelude::*;
    use swarm_core::user::Registry;

    #[user(weight = 3)]
    struct Swimmer;

    #[tasks]
    impl Swimmer {
        #[task(3)]
        fn swim(&mut self) {}

        #[task(tags = ["rest"])]
        fn float(&mut self) {}
    }

    #[user]
    struct Diver;

    #[tasks]
    impl Diver {
        #[task(tags = ["deep"])]
        fn dive(&mut self) {}
    }

    /// As in Locust's own tests: one task, and a set of two.
    #[user]
    struct Guest;

    #[tasks]
    impl Guest {
        #[task]
        fn eat(&mut self) {}

        #[task_set]
        fn sauna(&mut self) -> Sauna {
            Sauna
        }
    }

    #[task_set]
    struct Sauna;

    #[tasks]
    impl Sauna {
        #[task]
        fn sweat(&mut self) {}

        #[task]
        fn cool_down(&mut self) -> ControlFlow<()> {
            ControlFlow::Break(())
        }
    }

    fn participants(line: &str, classes: &[&str]) -> Participants {
        let registry = Registry::find().expect("no duplicates");
        let class = |name: &&str| registry.class(name).expect("declared");
        let words = ["swarm"].into_iter().chain(line.split_whitespace());
        let selected: Vec<_> = classes.iter().map(class).collect();
        Participants::new(&selected, &Options::parse_from(words)).expect("valid")
    }

    #[test]
    fn shares_are_of_the_class_and_of_all() {
        let both = ["Swimmer", "Diver"];
        let all = participants("", &both);
        let lines = [
            "  75.0 %  Swimmer",
            "      75.0 %  swim  (56.2 % of all)",
            "      25.0 %  float  (18.8 % of all)",
            "  25.0 %  Diver",
            "     100.0 %  dive  (25.0 % of all)",
        ];
        assert_eq!(text(&all).lines().collect::<Vec<_>>(), lines);
        let fixed = participants("--users-of Diver=2", &both);
        assert!(text(&fixed).contains("     2 x  Diver\n     100.0 %  dive\n"));
        let own = text(&participants("--stages-of Diver=2@1m,3@1m", &both));
        assert!(own.contains(" its own  Diver (2@1m, 3@1m)\n     100.0 %  dive\n"), "{own}");
        assert!(own.contains(" 100.0 %  Swimmer\n"), "the others share without it");
        let list: Value = serde_json::from_str(&json(&all)).expect("JSON");
        assert_eq!(list[0]["tasks"][0]["share_of_all"], 0.5625);
        assert_eq!((&list[0]["share"], &list[1]["fixed_count"]), (&json!(0.75), &json!(0)));
    }

    #[test]
    fn tags_leave_no_share_to_the_rest() {
        let lines = [
            " 100.0 %  Swimmer",
            "       0.0 %  swim  (0.0 % of all)",
            "     100.0 %  float  (100.0 % of all)",
        ];
        let resting = text(&participants("--tags rest", &["Swimmer", "Diver"]));
        assert_eq!(resting.lines().collect::<Vec<_>>(), lines);
    }

    #[test]
    fn weights_of_a_run_change_the_shares() {
        let line = "--task-weight-of Guest::eat=3,Guest::sauna::cool_down=0";
        let lines = [
            " 100.0 %  Guest",
            "      75.0 %  eat  (75.0 % of all)",
            "      25.0 %  sauna  (25.0 % of all)",
            "          25.0 %  sauna::sweat  (25.0 % of all)",
            "           0.0 %  sauna::cool_down  (0.0 % of all)",
        ];
        assert_eq!(text(&participants(line, &["Guest"])).lines().collect::<Vec<_>>(), lines);
    }

    #[test]
    fn a_threshold_may_name_a_task_in_a_set_but_not_the_set() {
        let list =
            r#"rps("Guest::sauna::sweat") > 1, rps("Guest::sauna") > 1, rps("Guest::sweat") > 1"#;
        let list = swarm_core::threshold::parse_list(list).expect("valid");
        let warnings = participants("", &["Guest"]).without_data(&list);
        assert_eq!(warnings.len(), 2, "{warnings:?}");
    }

    #[test]
    fn a_set_divides_its_share_among_its_tasks() {
        let lines = [
            " 100.0 %  Guest",
            "      50.0 %  eat  (50.0 % of all)",
            "      50.0 %  sauna  (50.0 % of all)",
            "          25.0 %  sauna::sweat  (25.0 % of all)",
            "          25.0 %  sauna::cool_down  (25.0 % of all)",
        ];
        assert_eq!(text(&participants("", &["Guest"])).lines().collect::<Vec<_>>(), lines);
    }
}
