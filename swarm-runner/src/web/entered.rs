//! What is typed into the form: the options that say what a run is, by their names, and settings by their keys.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Display;
use swarm_core::duration;
use swarm_core::plan::{
    ClassSpec, ClientOptions, FindLimit, HttpVersion, Load, RunSpec, Spacing, Unit, ValidityRules,
};
use swarm_core::user::{Registry, UserClass};

/// The options that can be typed: those that say what a run is. What they can't do is to name files of this machine, or to lead requests where
/// `--allow-host` does not allow it.
pub(super) const OPTIONS: [&str; 42] = [
    "run-name",
    "notes",
    "class",
    "tags",
    "exclude-tags",
    "equal-weights",
    "weight-of",
    "users-of",
    "rate-of",
    "stages-of",
    "task-weight-of",
    "host",
    "users",
    "spawn-rate",
    "stages",
    "rate",
    "shape",
    "arrivals",
    "max-users",
    "max-names",
    "run-time",
    "warmup",
    "iterations",
    "user-iterations",
    "stop-timeout",
    "seed",
    "count-logins",
    "threshold",
    "find-limit",
    "limit-by",
    "precision",
    "max-rate",
    "expect-limit",
    "validity",
    "exit-code-on-error",
    "timeout",
    "connect-timeout",
    "http",
    "max-body",
    "insecure",
    "resolve",
    "dns-ttl",
];

/// What is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub(super) struct Entered {
    /// Options by their names, as they would be typed: `"users": "100"`, `"equal-weights": "true"`. An empty text is none.
    pub(super) options: BTreeMap<String, String>,
    /// Settings by their keys. What is absent stays as it was when the program started.
    pub(super) settings: BTreeMap<String, String>,
}

/// What would have to be typed to get a run, but for its seed; what has its default is left out.
pub(super) fn entered_of(spec: &RunSpec, registry: &Registry) -> Entered {
    let mut typed = Options(BTreeMap::new());
    for (name, text) in [("run-name", &spec.name), ("notes", &spec.notes)] {
        if let Some(text) = text {
            typed.put(name, text);
        }
    }
    typed.classes(spec, registry);
    typed.host(spec);
    typed.load(spec);
    typed.judgement(spec);
    typed.client(&spec.client);
    Entered { options: typed.0, settings: BTreeMap::new() }
}

struct Options(BTreeMap<String, String>);

impl Options {
    fn put(&mut self, name: &str, value: impl Display) {
        self.0.insert(name.to_owned(), value.to_string());
    }

    fn put_list(&mut self, name: &str, values: impl IntoIterator<Item = impl Display>) {
        let values: Vec<String> = values.into_iter().map(|value| value.to_string()).collect();
        if !values.is_empty() {
            self.put(name, values.join(","));
        }
    }

    /// Unless it is the default.
    fn put_other<T: PartialEq + Copy>(
        &mut self,
        name: &str,
        value: T,
        default: T,
        text: fn(T) -> String,
    ) {
        if value != default {
            self.put(name, text(value));
        }
    }

    fn switch(&mut self, name: &str, on: bool) {
        if on {
            self.put(name, true);
        }
    }

    fn classes(&mut self, spec: &RunSpec, registry: &Registry) {
        let filter = &spec.task_filter;
        let names = spec.classes.iter().map(|class| class.name.as_str());
        if !names.clone().eq(registry.classes().iter().map(|class| class.name)) {
            self.put_list("class", names);
        }
        self.put_list("tags", &filter.tags);
        self.put_list("exclude-tags", &filter.exclude_tags);
        self.switch("equal-weights", filter.equal_weights);
        let (mut weights, mut users) = (Vec::new(), Vec::new());
        let (mut rates, mut stages, mut tasks) = (Vec::new(), Vec::new(), Vec::new());
        for class in &spec.classes {
            let Ok(declared) = registry.class(&class.name) else { continue };
            let name = &class.name;
            let declared = declared_spec(declared, filter.equal_weights);
            let (weight, count) = numbers(class, &declared);
            let of_tasks = class.task_weights.iter();
            tasks.extend(of_tasks.map(|(task, weight)| format!("{name}::{task}={weight}")));
            weights.extend(weight.map(|weight| format!("{name}={weight}")));
            users.extend(count.map(|count| format!("{name}={count}")));
            match &class.load {
                load if *load == declared.load => {}
                Some(Load::Rate { rate }) => rates.push(format!("{name}={rate}")),
                Some(Load::Stages { stages: own }) => stages.push(format!("{name}={own}")),
                Some(Load::Users { .. }) | None => {}
            }
        }
        self.put_list("weight-of", weights);
        self.put_list("users-of", users);
        self.put_list("rate-of", rates);
        self.put_list("stages-of", stages);
        self.put_list("task-weight-of", tasks);
    }

    fn host(&mut self, spec: &RunSpec) {
        if let Some(host) = &spec.host {
            self.put("host", host);
        }
    }

    fn load(&mut self, spec: &RunSpec) {
        match (&spec.load, &spec.find_limit) {
            // The search says how many.
            (Load::Users { .. }, Some(_)) => {}
            (Load::Users { users, spawn_rate }, None) => {
                self.put("users", users);
                self.put("spawn-rate", spawn_rate);
            }
            (Load::Rate { rate }, _) => self.put("rate", rate),
            (Load::Stages { stages }, _) => self.put("stages", stages),
        }
        let default = RunSpec::new(Vec::new());
        if spec.arrivals == Spacing::Poisson {
            self.put("arrivals", "poisson");
        }
        self.put_other("max-users", spec.max_users, default.max_users, |most| most.to_string());
        self.put_other("max-names", spec.max_names, default.max_names, |most| most.to_string());
        if let Some(time) = spec.run_time {
            self.put("run-time", duration::text(time));
        }
        self.put_other("warmup", spec.warmup, default.warmup, duration::text);
        for (name, most) in
            [("iterations", spec.iterations), ("user-iterations", spec.user_iterations)]
        {
            if let Some(most) = most {
                self.put(name, most);
            }
        }
        self.put_other("stop-timeout", spec.stop_timeout, default.stop_timeout, duration::text);
        self.switch("count-logins", spec.count_logins);
    }

    fn judgement(&mut self, spec: &RunSpec) {
        self.put_list("threshold", &spec.thresholds);
        if let Some(find) = &spec.find_limit {
            self.limit(find);
        }
        let rules = ValidityRules::default();
        self.put_other("validity", spec.validity, rules, |rules| rules.to_string());
        self.put_other("exit-code-on-error", spec.exit_code_on_error, 1, |code| code.to_string());
    }

    fn limit(&mut self, find: &FindLimit) {
        self.put_list("find-limit", &find.criteria);
        if find.unit == Unit::Users {
            self.put("limit-by", "users");
        }
        self.put_other("precision", find.precision, 0.05, percent);
        if let Some(rate) = find.max_rate {
            self.put("max-rate", swarm_core::plan::Rate(rate));
        }
        if let Some(expected) = find.expected {
            self.put("expect-limit", expected);
        }
    }

    fn client(&mut self, client: &ClientOptions) {
        let default = ClientOptions::default();
        self.put_other("timeout", client.timeout, default.timeout, duration::text);
        self.put_other(
            "connect-timeout",
            client.connect_timeout,
            default.connect_timeout,
            duration::text,
        );
        match client.http {
            HttpVersion::Auto => {}
            HttpVersion::Http1 => self.put("http", 1),
            HttpVersion::Http2 => self.put("http", 2),
        }
        self.put_other("max-body", client.max_body, default.max_body, |size| size.to_string());
        self.switch("insecure", client.insecure);
        self.put_list("resolve", &client.resolve);
        self.put_other("dns-ttl", client.dns_ttl, default.dns_ttl, duration::text);
    }
}

fn declared_spec(class: &UserClass, equal_weights: bool) -> ClassSpec {
    let spec = class.spec();
    ClassSpec { weight: if equal_weights { 1 } else { spec.weight }, ..spec }
}

/// The weight and the count that make a class what it is in a run.
fn numbers(class: &ClassSpec, declared: &ClassSpec) -> (Option<u32>, Option<u32>) {
    let left_out = class.load.is_none() && declared.load.is_some();
    match class.fixed_count {
        0 if left_out => (Some(0), None),
        0 if (class.weight, 0) == (declared.weight, declared.fixed_count) => (None, None),
        0 => (Some(class.weight), None),
        count if (class.weight, count) == (declared.weight, declared.fixed_count) => (None, None),
        count => ((class.weight != declared.weight).then_some(class.weight), Some(count)),
    }
}

/// A part as its shortest percentage that is read back as the same.
fn percent(part: f64) -> String {
    let mut texts = (0..17).map(|digits| format!("{:.digits$}", part * 100.0));
    let same = |text: &String| text.parse::<f64>().is_ok_and(|percent| percent / 100.0 == part);
    texts.find(same).unwrap_or_else(|| (part * 100.0).to_string()) + "%"
}
