//! The description of a run.

use super::client::ClientOptions;
use super::filter::TaskFilter;
use super::find_limit::FindLimit;
use super::label::{run_name, run_notes};
use super::load::{Load, Spacing};
use super::validity::ValidityRules;
use crate::duration::{optional_seconds, seconds};
use crate::threshold::Threshold;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// Everything that says what a run is: the command line, `swarm.toml` and the `run` in the result are all this value.
///
/// It never holds a secret: those travel as settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RunSpec {
    /// What people call it: a line of 100 letters at most; default none. Several runs may have the same name.
    pub name: Option<String>,
    /// What is worth knowing about it: 4,000 letters at most; default none.
    pub notes: Option<String>,
    /// Base URL of the target, for every class; without it each class's own.
    pub host: Option<String>,
    /// The classes that take part.
    pub classes: Vec<ClassSpec>,
    /// Which of their tasks are run.
    pub task_filter: TaskFilter,
    /// How many users, or at what rate iterations arrive.
    pub load: Load,
    /// Most users at one time that arriving iterations may need, of all classes together; default 10,000.
    pub max_users: u32,
    /// Most names of requests that are told apart, of all kinds together; what is beyond is counted under `(other)`. From 1 to 100,000, default 5,000. A
    /// name takes 2 KiB of memory, and 20 KiB after a thousand different times.
    pub max_names: u32,
    /// How arrivals are spaced; default evenly.
    pub arrivals: Spacing,
    /// How long, from the start, with the ramp; as long as the stages if absent, and without stages until it is stopped. Seconds.
    #[serde(rename = "run_time_s", with = "optional_seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<f64>"))]
    pub run_time: Option<Duration>,
    /// How long it goes on before figures count, in whole seconds. Seconds; default none.
    #[serde(rename = "warmup_s", with = "seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "f64"))]
    pub warmup: Duration,
    /// Iterations (runs of a task) of all users together, after which the run ends; any number if absent.
    pub iterations: Option<u64>,
    /// Iterations of each user, after which it ends; any number if absent.
    pub user_iterations: Option<u64>,
    /// How long running tasks may go on after the end. Seconds; default 5.
    #[serde(rename = "stop_timeout_s", with = "seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "f64"))]
    pub stop_timeout: Duration,
    /// What it has to keep to pass, besides running without failures.
    pub thresholds: Vec<Threshold>,
    /// What all chance in the run comes from.
    pub seed: u64,
    /// Whether requests of logins stand in the totals and in the history too; default false.
    pub count_logins: bool,
    /// Exit code when requests failed or tasks ended in errors; default 1.
    pub exit_code_on_error: u8,
    /// The limit that is searched for; the load follows the search then. None if absent.
    pub find_limit: Option<FindLimit>,
    /// Beyond which limits the measurement is not trusted.
    pub validity: ValidityRules,
    /// A file that gets a line for each request; none if absent.
    pub request_log: Option<PathBuf>,
    /// How requests are sent.
    pub client: ClientOptions,
}

impl RunSpec {
    /// A run of these classes until it is stopped, with one user and all defaults.
    #[must_use]
    pub fn new(classes: Vec<ClassSpec>) -> Self {
        Self {
            name: None,
            notes: None,
            host: None,
            classes,
            task_filter: TaskFilter::default(),
            load: Load::users(1, 1.0),
            max_users: 10_000,
            max_names: 5_000,
            arrivals: Spacing::Even,
            run_time: None,
            warmup: Duration::ZERO,
            iterations: None,
            user_iterations: None,
            stop_timeout: Duration::from_secs(5),
            thresholds: Vec::new(),
            seed: 0,
            count_logins: false,
            exit_code_on_error: 1,
            find_limit: None,
            validity: ValidityRules::default(),
            request_log: None,
            client: ClientOptions::default(),
        }
    }

    /// Checks its name and its notes.
    ///
    /// # Errors
    ///
    /// What is wrong with them.
    pub fn check_label(&self) -> Result<(), String> {
        self.name.as_deref().map(run_name).transpose()?;
        self.notes.as_deref().map(run_notes).transpose()?;
        Ok(())
    }
}

/// How a class takes part in a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClassSpec {
    /// Name of the class.
    pub name: String,
    /// Share of the users, relative to the other classes' weights.
    pub weight: u32,
    /// This many users, whatever the weights; 0 for a share by weight.
    pub fixed_count: u32,
    /// A load of its own, whatever the weight and the run's load; then it has no share of that.
    pub load: Option<Load>,
    /// Other weights for its tasks, by their names, those of a set as `forum::read`; 0 leaves one out. The others have those declared. In a sequence a
    /// weight is how often a task is run in a row.
    pub task_weights: BTreeMap<String, u32>,
}

impl ClassSpec {
    /// A class with a weight and no fixed count, and its tasks as declared.
    pub fn new(name: impl Into<String>, weight: u32) -> Self {
        Self {
            name: name.into(),
            weight,
            fixed_count: 0,
            load: None,
            task_weights: BTreeMap::new(),
        }
    }

    /// Whether any of its users may come.
    #[must_use]
    pub fn takes_part(&self) -> bool {
        self.weight > 0 || self.fixed_count > 0 || self.load.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spec_survives_json() {
        let mut spec = RunSpec::new(vec![ClassSpec::new("Shopper", 3)]);
        spec.classes[0].task_weights.insert("forum::read".to_owned(), 2);
        spec.run_time = Some(Duration::from_millis(1_500));
        spec.name = Some("after".to_owned());
        spec.notes = Some("with\nthe cache".to_owned());
        spec.host = Some("http://127.0.0.1:1".to_owned());
        spec.thresholds = vec!["p95 < 250ms over 30s".parse().expect("valid")];
        let json = serde_json::to_string(&spec).expect("serializes");
        assert_eq!(serde_json::from_str::<RunSpec>(&json).expect("reads"), spec);
        assert!(json.contains(r#""run_time_s":1.5"#), "{json}");
    }
}
