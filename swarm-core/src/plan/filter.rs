//! Which tasks are run, and how often.

use serde::{Deserialize, Serialize};

/// Which tasks of the classes are run, and how often.
///
/// ```
/// use swarm_core::plan::TaskFilter;
///
/// let filter = TaskFilter { exclude_tags: vec!["slow".to_owned()], ..TaskFilter::default() };
/// assert_eq!(filter.weight(3, &["checkout"]), 3);
/// assert_eq!(filter.weight(3, &["checkout", "slow"]), 0);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TaskFilter {
    /// Only tasks with one of these tags; all, if empty.
    pub tags: Vec<String>,
    /// No task with one of these tags, even if another one is wanted.
    pub exclude_tags: Vec<String>,
    /// All tasks are picked equally often, whatever their weights.
    pub equal_weights: bool,
}

impl TaskFilter {
    /// The weight of a task in the run; 0 if it is left out.
    #[must_use]
    pub fn weight(&self, declared: u32, tags: &[&str]) -> u32 {
        let has = |list: &[String]| list.iter().any(|tag| tags.contains(&tag.as_str()));
        match (self.tags.is_empty() || has(&self.tags), has(&self.exclude_tags)) {
            (false, _) | (_, true) => 0,
            _ if self.equal_weights => 1,
            _ => declared,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_choose_tasks_and_exclusion_wins() {
        let list = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        for (tags, exclude_tags, weights) in [
            ("", "", [5, 5, 5, 5]),
            ("a", "", [5, 0, 5, 0]),
            ("a b", "", [5, 5, 5, 0]),
            ("", "b", [5, 0, 0, 5]),
            ("a", "b", [5, 0, 0, 0]),
            ("c", "", [0, 0, 0, 0]),
        ] {
            for equal_weights in [false, true] {
                let filter = TaskFilter {
                    tags: list(tags),
                    exclude_tags: list(exclude_tags),
                    equal_weights,
                };
                let tasks: [&[&str]; 4] = [&["a"], &["b"], &["a", "b"], &[]];
                let found = tasks.map(|tags| filter.weight(5, tags));
                let expected =
                    weights.map(|weight| if equal_weights { weight / 5 } else { weight });
                assert_eq!(found, expected, "{filter:?}");
            }
        }
    }
}
