//! What may be typed next: the load test's part of the shell's completion.
//!
//! The script that `cargo swarm completions` prints asks `cargo-swarm complete`, and that asks this program, by a variable of the environment. So the options
//! of the settings and the names of the classes are those of the package in the current folder.

use crate::configuration;
use crate::error::UsageError;
use crate::options::Options;
use crate::trial_options::TrialOptions;
use clap::{Arg, Command};
use std::collections::BTreeSet;
use swarm_core::plan::{Shape, TaskFilter};
use swarm_core::user::{Selection, UserClass};

/// If it is set, the arguments are words to complete, and nothing is run.
const VARIABLE: &str = "SWARM_COMPLETE";

/// A word that may stand next, and what it means.
type Candidate = (String, String);

/// Whether words are to be completed.
pub(crate) fn is_asked() -> bool {
    std::env::var_os(VARIABLE).is_some()
}

/// What may stand for the last of these words: a line for each, with what it means behind a tab.
pub(crate) fn lines(
    words: &[String],
    classes: &[&'static UserClass],
) -> Result<String, UsageError> {
    let lines = match words.split_first() {
        Some((first, rest)) if first == "try" && !rest.is_empty() => {
            let command = configuration::options::<TrialOptions>(classes)?;
            candidates(rest, &command, classes)
        }
        _ => candidates(words, &configuration::options::<Options>(classes)?, classes),
    };
    let lines = lines.into_iter();
    Ok(lines.map(|(word, help)| format!("{word}\t{help}\n")).collect())
}

fn candidates(words: &[String], command: &Command, classes: &[&UserClass]) -> Vec<Candidate> {
    let (current, before) = words.split_last().map_or(("", words), |(word, rest)| (word, rest));
    let takes = |name: &str| option(command, name).filter(|it| it.get_action().takes_values());
    if let Some((name, value)) = current.split_once('=')
        && let Some(option) = takes(name)
    {
        let glued = |(word, help)| (format!("{name}={word}"), help);
        return values(option, value, classes).into_iter().map(glued).collect();
    }
    if let Some(option) = before.last().and_then(|name| takes(name)) {
        return values(option, current, classes);
    }
    let known = if current.starts_with('-') { flags(command) } else { names(classes) };
    known.into_iter().filter(|(word, _)| word.starts_with(current)).collect()
}

/// An option by its long or short name.
fn option<'a>(command: &'a Command, name: &str) -> Option<&'a Arg> {
    let is = |option: &&Arg| match name.strip_prefix("--") {
        Some(long) => option.get_long() == Some(long),
        None => option.get_short().is_some_and(|short| name == format!("-{short}")),
    };
    command.get_opts().find(is)
}

fn flags(command: &Command) -> Vec<Candidate> {
    let flag = |option: &Arg| {
        let help = option.get_help().map(ToString::to_string).unwrap_or_default();
        Some((format!("--{}", option.get_long()?), help))
    };
    let help = [("--help", "Print help"), ("--version", "Print version")];
    let help = help.map(|(word, help)| (word.to_owned(), help.to_owned()));
    command.get_opts().filter_map(flag).chain(help).collect()
}

/// Values of an option that are known; in a comma list the last one is completed.
fn values(option: &Arg, value: &str, classes: &[&UserClass]) -> Vec<Candidate> {
    let comma = value.rfind(',').filter(|_| option.get_value_delimiter() == Some(','));
    let (list, last) = value.split_at(comma.map_or(0, |comma| comma + 1));
    let known = match option.get_id().as_str() {
        "class" => names(classes),
        "users_of" | "weight_of" | "rate_of" | "stages_of" => {
            names(classes).into_iter().map(|(name, doc)| (format!("{name}="), doc)).collect()
        }
        "task_weight_of" => {
            let of = |class: &UserClass, (task, doc)| (format!("{}::{task}=", class.name), doc);
            let all = classes
                .iter()
                .flat_map(|class| tasks(&[*class]).into_iter().map(|it| of(class, it)));
            all.collect()
        }
        "tags" | "exclude_tags" => tags(classes),
        "task" => tasks(classes),
        "shape" => Shape::all().iter().map(|it| (it.name.to_owned(), it.doc.to_owned())).collect(),
        _ => {
            let known = option.get_possible_values().into_iter();
            known.map(|value| (value.get_name().to_owned(), String::new())).collect()
        }
    };
    let fits = known.into_iter().filter(|(word, _)| word.starts_with(last));
    fits.map(|(word, help)| (format!("{list}{word}"), help)).collect()
}

fn names(classes: &[&UserClass]) -> Vec<Candidate> {
    classes.iter().map(|class| (class.name.to_owned(), class.doc.to_owned())).collect()
}

fn tasks(classes: &[&UserClass]) -> Vec<Candidate> {
    let names = |class: &&UserClass| {
        let all = Selection::new(&class.list, &TaskFilter::default());
        all.names().into_iter().map(|name| (name.to_owned(), String::new())).collect::<Vec<_>>()
    };
    classes.iter().flat_map(names).collect()
}

fn tags(classes: &[&UserClass]) -> Vec<Candidate> {
    let tags: BTreeSet<&str> = classes.iter().flat_map(|class| class.list.tags()).collect();
    tags.into_iter().map(|tag| (tag.to_owned(), String::new())).collect()
}

/// Prints them for the words of the command line.
pub(crate) fn answer(classes: &[&'static UserClass]) -> Result<String, UsageError> {
    let words = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    lines(&words.collect::<Vec<_>>(), classes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classes;
    use swarm_core::prelude::*;

    /// Who buys.
    #[settings(prefix = "STALL")]
    struct Stall {
        /// What is bought.
        #[setting(default = "apples")]
        goods: String,
    }

    /// Comes on Saturdays.
    #[user]
    struct MarketGoer {
        stall: Settings<Stall>,
    }

    #[tasks]
    impl MarketGoer {
        #[task(tags = ["slow", "paid"])]
        fn buy(&mut self) {
            let _ = &self.stall.goods;
        }
    }

    #[test]
    fn words_are_completed_by_what_stands_before_them() {
        let registry = classes::find().expect("valid");
        let classes = classes::select(&registry, &["MarketGoer"]).expect("there");
        for (words, expected) in [
            ("--us", "--users-of --users --user-iterations"),
            ("-u 5 --run", "--run-time --run-name"),
            ("--good", "--goods"),
            ("", "MarketGoer"),
            ("Mar", "MarketGoer"),
            ("Buy", ""),
            ("--class ", "MarketGoer"),
            ("--class=M", "--class=MarketGoer"),
            ("--class Visitor,Ma", "Visitor,MarketGoer"),
            ("--users-of Mark", "MarketGoer="),
            ("--task-weight-of M", "MarketGoer::buy="),
            ("-T ", "paid slow"),
            ("--tags paid,s", "paid,slow"),
            ("--format ", "text json"),
            ("--http ", "auto 1 2"),
            ("--loglevel d", "debug"),
            ("--headless M", "MarketGoer"),
            ("--csv ", ""),
            ("try M", "MarketGoer"),
            ("try MarketGoer --ta", "--task"),
            ("try MarketGoer --task ", "buy"),
            ("try MarketGoer --us", ""),
            ("try", ""),
            ("--nonsense=x", ""),
        ] {
            let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
            let lines = lines(&words, &classes).expect("valid");
            let found: Vec<&str> =
                lines.lines().filter_map(|line| line.split('\t').next()).collect();
            assert_eq!(found.join(" "), expected, "{words:?}");
        }
    }

    #[test]
    fn what_they_mean_is_told() {
        let registry = classes::find().expect("valid");
        let classes = classes::select(&registry, &["MarketGoer"]).expect("there");
        let lines = |word: &str| lines(&[word.to_owned()], &classes).expect("valid");
        assert_eq!(lines("Market"), "MarketGoer\tComes on Saturdays.\n");
        assert_eq!(
            lines("--dem"),
            "--demo\tServe a small demo site on a free loopback port, and make it the target\n"
        );
    }
}
