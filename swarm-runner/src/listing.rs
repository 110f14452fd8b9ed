//! How user classes are listed, with their tasks and task sets.

use crate::output;
use serde::Serialize;
use std::fmt::Write as _;
use std::path::Path;
use swarm_core::plan::Rate;
use swarm_core::user::{Order, Task, TaskList, UserClass};

/// The list for people.
pub(crate) fn text(classes: &[&'static UserClass]) -> String {
    let mut out = String::new();
    for class in classes {
        let share = match (class.visits, class.fixed_count) {
            (Some(rate), _) => format!("visits {rate}"),
            (None, 0) => format!("weight {}", class.weight),
            (None, count) => format!("fixed count {count}"),
        };
        let iterations = match class.most_iterations() {
            Some(1) => ", 1 iteration".to_owned(),
            Some(most) => format!(", {most} iterations"),
            None => String::new(),
        };
        let (name, wait, place) = (class.name, class.wait, place(class));
        let order = order(&class.list).map(|order| format!(", {order}")).unwrap_or_default();
        let _ = writeln!(out, "{name} ({share}{iterations}, wait {wait}{order})  {place}");
        if !class.doc.is_empty() {
            let _ = writeln!(out, "    {}", class.doc);
        }
        tasks_text(&mut out, &class.list, 4);
    }
    out
}

/// A line for each task, this far from the left; those of a set stand below it.
fn tasks_text(out: &mut String, list: &TaskList, indent: usize) {
    let longest = list.tasks.iter().map(|task| task.name.len()).max().unwrap_or(0);
    for task in list.tasks {
        let about = [about_set(task), follows(list, task), bracketed(task.tags)];
        let about: Vec<String> = about.into_iter().flatten().collect();
        let (weight, name, doc) = (task.weight, task.name, task.doc);
        let line = format!("{:indent$}{weight:>4}  {name:longest$}  {doc} {}", "", about.join(" "));
        let _ = writeln!(out, "{}", line.trim_end());
        if let Some(set) = task.set {
            tasks_text(out, set, indent + 6);
        }
    }
}

/// How a set goes on, where that is not by weight and with the waits around it.
fn about_set(task: &Task) -> Option<String> {
    let set = task.set?;
    let wait = set.wait.map(|wait| format!("wait {wait}"));
    let about: Vec<String> = order(set).map(str::to_owned).into_iter().chain(wait).collect();
    (!about.is_empty()).then(|| format!("({})", about.join(", ")))
}

fn order(list: &TaskList) -> Option<&'static str> {
    match list.order {
        Order::Random => None,
        Order::Sequential => Some("sequential"),
        Order::Markov => Some("by transitions"),
    }
}

/// Which tasks may follow.
fn follows(list: &TaskList, task: &Task) -> Option<String> {
    let transition = |(to, weight): &(usize, u32)| format!("{} {weight}", list.tasks[*to].name);
    let all: Vec<String> = task.transitions.iter().map(transition).collect();
    (!all.is_empty()).then(|| format!("(then {})", all.join(", ")))
}

fn bracketed(tags: &[&str]) -> Option<String> {
    (!tags.is_empty()).then(|| format!("[{}]", tags.join(", ")))
}

/// Where a class stands, from the current folder if it is below that.
fn place(class: &UserClass) -> String {
    let place = class.place();
    let folder = std::env::current_dir().unwrap_or_default();
    Path::new(&place).strip_prefix(folder).map_or(place.clone(), |path| path.display().to_string())
}

/// A class, for programs.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct ClassInfo {
    /// Its name.
    name: &'static str,
    /// Module that it stands in.
    module: &'static str,
    /// Source file, with line and column.
    file: &'static str,
    line: u32,
    column: u32,
    /// First paragraph of its documentation.
    doc: &'static str,
    /// Share of the users, relative to the other classes' weights.
    weight: u32,
    /// This many users, whatever the weights; 0 for a share by weight.
    fixed_count: u32,
    /// The rate at which its users come, if they come for visits.
    visits: Option<Rate>,
    /// Iterations after which a user of it ends; any number if null.
    iterations: Option<u64>,
    /// How long it waits between tasks, as it is declared.
    wait: String,
    /// Base URL of its target, if it has one of its own.
    host: Option<&'static str>,
    /// How it goes on from task to task.
    order: &'static str,
    /// Its tasks.
    tasks: Vec<TaskInfo>,
}

/// A task of a class or of a set.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct TaskInfo {
    /// Its name.
    name: &'static str,
    /// How often it is run, relative to the others.
    weight: u32,
    /// Its tags.
    tags: &'static [&'static str],
    /// First paragraph of its documentation.
    doc: &'static str,
    /// Its line in the source file.
    line: u32,
    /// Which tasks may follow.
    transitions: Vec<TransitionInfo>,
    /// The set that it enters, if it does.
    set: Option<SetInfo>,
}

/// A task that may follow another.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct TransitionInfo {
    task: &'static str,
    weight: u32,
}

/// A task set.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct SetInfo {
    /// How it goes on from task to task.
    order: &'static str,
    /// How long it waits between tasks, if not as the class does.
    wait: Option<String>,
    /// Its tasks.
    tasks: Vec<TaskInfo>,
}

/// The list for programs.
pub(crate) fn json(classes: &[&'static UserClass]) -> String {
    output::pretty(&infos(classes))
}

/// The classes, for programs.
pub(crate) fn infos(classes: &[&'static UserClass]) -> Vec<ClassInfo> {
    let info = |class: &&'static UserClass| ClassInfo {
        name: class.name,
        module: class.module,
        file: class.file,
        line: class.line,
        column: class.column,
        doc: class.doc,
        weight: class.weight,
        fixed_count: class.fixed_count,
        visits: class.visits,
        iterations: class.most_iterations(),
        wait: class.wait.to_string(),
        host: class.host,
        order: order_word(&class.list),
        tasks: tasks(&class.list),
    };
    classes.iter().map(info).collect()
}

fn tasks(list: &TaskList) -> Vec<TaskInfo> {
    let transition = |(to, weight): &(usize, u32)| TransitionInfo {
        task: list.tasks[*to].name,
        weight: *weight,
    };
    let info = |task: &Task| TaskInfo {
        name: task.name,
        weight: task.weight,
        tags: task.tags,
        doc: task.doc,
        line: task.line,
        transitions: task.transitions.iter().map(transition).collect(),
        set: task.set.map(|set| SetInfo {
            order: order_word(set),
            wait: set.wait.map(|wait| wait.to_string()),
            tasks: tasks(set),
        }),
    };
    list.tasks.iter().map(info).collect()
}

fn order_word(list: &TaskList) -> &'static str {
    match list.order {
        Order::Random => "random",
        Order::Sequential => "sequential",
        Order::Markov => "markov",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use swarm_core::prelude::*;
    use swarm_core::user::Registry;

    /// Looks, reads, goes.
    #[user(name = "Clubber", wait = constant(1s), sequential)]
    struct Member {
        pages: u32,
    }

    #[tasks]
    impl Member {
        #[task(3)]
        fn look(&mut self) {}

        /// Reads a while.
        #[task_set(tags = ["calm"])]
        fn library(&mut self) -> Library<'_> {
            Library { pages: &mut self.pages }
        }
    }

    #[task_set(wait = constant(2s))]
    struct Library<'u> {
        pages: &'u mut u32,
    }

    #[tasks]
    impl Library<'_> {
        #[task]
        #[transition(read, 3)]
        fn open(&mut self) {}

        #[task]
        #[transition(open)]
        #[transition(read, 2)]
        fn read(&mut self) -> ControlFlow<()> {
            *self.pages += 1;
            ControlFlow::Break(())
        }
    }

    #[test]
    fn sets_stand_below_the_task_that_enters_them() {
        let registry = Registry::find().expect("no duplicates");
        let class = registry.class("Clubber").expect("declared");
        let listed = text(&[class]);
        let lines: Vec<&str> = listed.lines().skip(1).collect();
        let expected = [
            "    Looks, reads, goes.",
            "       3  look",
            "       1  library  Reads a while. (by transitions, wait constant(2s)) [calm]",
            "             1  open   (then read 3)",
            "             1  read   (then open 1, read 2)",
        ];
        assert!(listed.starts_with("Clubber (weight 1, wait constant(1s), sequential)  "));
        assert_eq!(lines, expected);
        let listed: Value = serde_json::from_str(&json(&[class])).expect("JSON");
        let set = &listed[0]["tasks"][1]["set"];
        assert_eq!((&listed[0]["order"], &set["order"]), (&json!("sequential"), &json!("markov")));
        assert_eq!(set["tasks"][0]["transitions"], json!([{ "task": "read", "weight": 3 }]));
    }
}
