//! What stands between the description of a run and its first user.

use crate::auth::SharedCredentials;
use crate::context::{Iterations, Resources};
use crate::feed::Feeds;
use crate::http;
use crate::plan::{Crowd, Load, RunSpec, Unit};
use crate::settings::SettingValues;
use crate::user::{Registry, Selection, UserClass};
use std::ops::RangeInclusive;

/// How many names of requests a run may tell apart: more would take the memory of the machine.
const MOST_NAMES: RangeInclusive<u32> = 1..=100_000;

/// What users of this run share, with what is the run's own.
pub(super) fn for_run(resources: &Resources, spec: &RunSpec) -> Resources {
    let feeds = resources.get::<Feeds>().unwrap_or_default();
    let resources = resources.clone().with(feeds.for_run(spec.seed));
    resources.with(SharedCredentials::default()).with(Iterations::of(spec))
}

/// The classes of a spec, if all that they need is there.
pub(super) fn check(
    spec: &RunSpec,
    registry: &Registry,
    resources: &Resources,
) -> Result<Vec<&'static UserClass>, String> {
    spec.check_label()?;
    let loads = spec.classes.iter().filter_map(|class| class.load.as_ref());
    loads.chain([&spec.load]).try_for_each(Load::validate)?;
    let find = |class: &crate::plan::ClassSpec| registry.class(&class.name);
    let classes: Vec<_> = spec
        .classes
        .iter()
        .map(find)
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())?;
    if Crowd::of(spec).iter().all(Crowd::is_empty) {
        return Err("no class takes part: give one a weight or a fixed count".to_owned());
    }
    if spec.length().is_some_and(|length| spec.warmup >= length) {
        return Err("the warm-up takes the whole run: nothing would be measured".to_owned());
    }
    if !MOST_NAMES.contains(&spec.max_names) {
        let (least, most) = MOST_NAMES.into_inner();
        let wrong = spec.max_names;
        return Err(format!("{wrong} is no limit of names: it is from {least} to {most}"));
    }
    let values = resources.get::<SettingValues>().unwrap_or_default();
    for (class, spec) in classes.iter().zip(&spec.classes) {
        let comes_at_a_rate = spec.load.as_ref().is_some_and(|load| load.unit() == Unit::Rate);
        if class.visits.is_some() && spec.takes_part() && !comes_at_a_rate {
            return Err(format!("{} comes for visits: its load is a rate", class.name));
        }
    }
    for (class, of_class) in classes.iter().zip(&spec.classes) {
        let selection = Selection::new(&class.list, &spec.task_filter);
        if selection.is_empty() {
            return Err(format!("{} has no task that the tags leave", class.name));
        }
        let weights = selection.check_weights(&of_class.task_weights);
        weights.map_err(|why| format!("tasks of {}: {why}", class.name))?;
        for need in class.needs {
            if need.host {
                let host = spec.host.as_deref().or(class.host);
                let host = host.ok_or_else(|| format!("{} has no host", class.name))?;
                http::check(host, &spec.client)
                    .map_err(|error| format!("host of {}: {error}", class.name))?;
            }
            let errors = need.settings.map(|settings| (settings.check)(&values));
            let errors: Vec<String> = errors.iter().flatten().map(ToString::to_string).collect();
            if !errors.is_empty() {
                return Err(errors.join("\n"));
            }
            if let Some(check) = need.check {
                check(resources).map_err(|error| error.to_string())?;
            }
        }
    }
    Ok(classes)
}
